// What the tests need from the operating system: installed where that is allowed, else said in one line.
import { spawnSync } from "node:child_process";

/** Program to look for, and the Debian package that brings it. */
const needed = {
  tmux: "tmux",
  fish: "fish",
  tcsh: "tcsh",
  python3: "python3",
  setsid: "util-linux",
  sshd: "openssh-server",
  "ssh-agent": "openssh-client",
  // A keychain, for `unitrain login`.
  "secret-tool": "libsecret-tools",
  "gnome-keyring-daemon": "gnome-keyring",
  "dbus-run-session": "dbus",
  // On the machines of the emulated cloud, where it is run by root.
  ...(process.getuid?.() === 0 ? { sudo: "sudo" } : {}),
  // Only `npm run test:cluster` starts a Slurm.
  ...(process.argv.includes("cluster")
    ? { slurmctld: "slurm-wlm", slurmd: "slurm-wlm", munged: "munge" }
    : {}),
  // Only `npm run test:docs` opens pages in a browser. Chrome, which GitHub's runners have, is as good.
  ...(process.argv.includes("docs") && !isInstalled("google-chrome") ? { chromium: "chromium" } : {}),
};

if (process.platform === "linux") {
  const missing = missingPackages();
  if (missing.length > 0) install(missing);
}

function missingPackages() {
  const missing = Object.entries(needed)
    .filter(([program]) => !isInstalled(program))
    .map(([, name]) => name);
  return [...new Set(missing)];
}

function isInstalled(program) {
  return runs("sh", ["-c", `PATH=$PATH:/usr/sbin command -v ${program}`]);
}

function install(packages) {
  const sudo = process.getuid() === 0 ? [] : ["sudo", "-n"];
  const may = runs("sh", ["-c", "command -v apt-get"]) && (sudo.length === 0 || runs("sudo", ["-n", "true"]));
  if (may) {
    console.log(`Installing ${packages.join(", ")} for the tests (once)…`);
    const [program, ...before] = [...sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
    const apt = (...words) => runs(program, [...before, ...words]);
    apt("update");
    apt("install", "-y", "--no-install-recommends", ...packages);
  }
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.error(
    `The tests need ${missing.join(", ")}: install them first (Debian, Ubuntu: sudo apt-get install ${missing.join(" ")}).`,
  );
  process.exit(1);
}

function runs(program, words) {
  return spawnSync(program, words, { stdio: "ignore", timeout: 10 * 60_000 }).status === 0;
}
