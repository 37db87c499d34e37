/** All flags of all commands, as the parser gives them; each command takes its own. */
export interface Flags {
  readonly on?: string;
  readonly gpu?: string;
  readonly gpus?: number;
  readonly region?: string;
  readonly maxPrice?: number;
  readonly budget?: number;
  /** Mbit/s. */
  readonly uplink?: number;
  readonly maxHours?: number;
  /** Bytes. */
  readonly maxOutput?: number;
  readonly ultralytics?: string;
  readonly pip?: readonly string[];
  readonly code?: string;
  readonly codeInclude?: readonly string[];
  readonly callbacks?: string;
  readonly env?: readonly string[];
  readonly secret?: readonly string[];
  readonly track?: readonly string[];
  readonly strict?: boolean;
  readonly skipBad?: boolean;
  readonly name?: string;
  /** The run that is repeated. */
  readonly from?: string;
  readonly out?: string;
  /** `--no-config` makes it false. */
  readonly config?: string | false;
  readonly detach?: boolean;
  readonly dryRun?: boolean;
  /** `30d`. */
  readonly olderThan?: string;
  readonly yes?: boolean;
  /** `--no-input` makes it false. */
  readonly input?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
  /** `--no-follow` makes it false. */
  readonly follow?: boolean;
  readonly forward?: readonly string[];
  readonly print?: boolean;
  readonly data?: string;
  readonly model?: string;
  readonly epochs?: number;
  readonly force?: boolean;
  readonly untracked?: boolean;
  readonly all?: boolean;
  readonly state?: readonly string[];
  readonly since?: string;
  readonly limit?: number;
  readonly finish?: boolean;
  readonly discard?: boolean;
  /** Minutes. */
  readonly within?: number;
}
