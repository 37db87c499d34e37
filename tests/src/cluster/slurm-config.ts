import { hostname, userInfo } from "node:os";

export const nodes = ["n1", "n2"];

/** Configures two nodes on this computer. The smallest time limit is one minute; KILL follows TERM after 5 s. */
export function slurmConfig(folder: string, [controller, ...ports]: readonly number[]): string {
  const host = hostname().split(".")[0];
  return `ClusterName=unitrain
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=${userInfo().username}
SlurmdUser=${userInfo().username}
AuthType=auth/munge
AuthInfo=socket=${folder}/munge.socket
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SlurmdTimeout=10
ReturnToService=2
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=1
KillWait=5
MessageTimeout=5
${nodes.map((node, index) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[index]} CPUs=16 RealMemory=4000`).join("\n")}
PartitionName=main Nodes=${nodes.join(",")} Default=YES MaxTime=INFINITE State=UP
`;
}
