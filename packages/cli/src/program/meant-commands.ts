/** Our commands by the words that docker, kubectl, sky, modal and other tools use for them. */
const commandsByOtherWord: Readonly<Record<string, readonly string[]>> = {
  ps: ["runs"],
  status: ["runs"],
  list: ["runs"],
  ls: ["runs"],
  queue: ["runs"],
  jobs: ["runs"],
  history: ["runs"],
  down: ["stop <run>", "gc"],
  terminate: ["stop <run>", "gc"],
  destroy: ["stop <run>", "gc"],
  cancel: ["stop <run>"],
  kill: ["stop <run>"],
  abort: ["stop <run>"],
  up: ["train <data>"],
  launch: ["train <data>"],
  submit: ["train <data>"],
  run: ["train <data>"],
  start: ["train <data>"],
  fit: ["train <data>"],
  delete: ["rm <run>", "stop <run>"],
  remove: ["rm <run>"],
  show: ["attach <run>", "logs <run>"],
  describe: ["attach <run>", "logs <run>"],
  watch: ["attach <run>"],
  resume: ["attach <run>"],
  tail: ["logs <run> -f"],
  log: ["logs <run>"],
  download: ["pull <run>"],
  get: ["pull <run>"],
  exec: ["ssh <run> -- <command>"],
  shell: ["ssh <run>"],
  logout: ["login <provider> --remove"],
  auth: ["login <provider>"],
  gpus: ["offers"],
  prices: ["offers"],
  price: ["offers"],
  check: ["plan <data>", "doctor"],
  prune: ["clean", "gc"],
  config: ["init"],
};

/** Lists the command lines that a word of another tool probably means. The list is empty if the word is not such a word. */
export function listMeantCommands(word: string): readonly string[] {
  const key = word.toLowerCase();
  const commands = Object.hasOwn(commandsByOtherWord, key) ? commandsByOtherWord[key] : undefined;
  return (commands ?? []).map((command) => `unitrain ${command}`);
}
