import { attempt, demand, describeError } from "../../suite/demand.ts";
import { oddNames, transportRules } from "../rule.ts";
import { createRemoteFile } from "../testbed.ts";

const model = Buffer.alloc(300_000, Buffer.from("\0\u00ffmodel\r\n"));

/** Rules about files on the machine: listing, copying and removing what a training wrote. */
export const fileRules = transportRules([
  {
    id: "transport/list-finds-every-file",
    demand: "`list` yields each regular file below a folder with its size, also hidden ones and odd names.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const root = `${bed.subject.folder}/out`;
      for (const name of oddNames) await bed.subject.writeFile(`${root}/${name}`, Buffer.from(name));
      const found = new Map<string, number>();
      for await (const { path, sizeBytes } of session.list(root, bed.context())) found.set(path, sizeBytes);
      for (const name of oddNames) {
        const size = found.get(`${root}/${name}`);
        demand(
          size === Buffer.byteLength(name),
          `list() reported the size ${size} for ${JSON.stringify(name)} of ${Buffer.byteLength(name)} bytes.`,
        );
      }
      demand(found.size === oddNames.length, `list() yielded ${found.size} files of ${oddNames.length}.`);
    },
  },
  {
    id: "transport/list-follows-no-links",
    demand: "`list` follows no symbolic links, because a link may lead out of the folder or in a circle.",
    needs: ["commands"],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const root = `${bed.subject.folder}/out`;
      await bed.subject.writeFile(`${bed.subject.folder}/elsewhere/secret.txt`, Buffer.from("x"));
      await bed.subject.writeFile(`${root}/a.txt`, Buffer.from("a"));
      await session.run({ argv: ["ln", "-s", "../elsewhere", `${root}/link`] }, bed.context());
      const found: string[] = [];
      for await (const { path } of session.list(root, bed.context())) found.push(path);
      demand(
        found.join() === `${root}/a.txt`,
        `list() yielded ${found.join(", ")}. Yield only regular files, and do not follow links.`,
      );
    },
  },
  {
    id: "transport/missing-folder-has-no-files",
    demand:
      "`list` of a missing folder yields nothing and does not fail, because a training may write no file.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const list = async () => {
        for await (const _ of session.list(`${bed.subject.folder}/missing`, bed.context()));
      };
      const result = await attempt("list()", list());
      demand(
        "value" in result,
        `list() of a missing folder failed: ${describeError("error" in result ? result.error : "")}.`,
      );
    },
  },
  {
    id: "transport/snapshot-is-a-copy",
    demand:
      "`snapshot` copies a file and leaves the original as it is, because the training still writes it.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const { workFolder } = await session.facts(bed.context());
      const path = `${workFolder}/runs/conformance/last.pt`;
      await bed.subject.writeFile(path, model);
      const target = `${workFolder}/runs/conformance-copy.pt`;
      const copy = await session.snapshot(createRemoteFile(path, model.length), target, bed.context());
      for (const [name, at] of Object.entries({ copy: copy.path, original: path })) {
        const content = await bed.subject.readFile(at);
        demand(
          content !== undefined && Buffer.compare(content, model) === 0,
          `After snapshot(), the ${name} is missing or differs from the file.`,
        );
      }
    },
  },
  {
    id: "transport/remove-stays-in-the-work-folder",
    demand: "`remove` refuses every path outside the work folder, because the machine may be the user's own.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const { workFolder } = await session.facts(bed.context());
      const path = `${bed.subject.folder}/thesis.txt`;
      await bed.subject.writeFile(path, Buffer.from("precious"));
      for (const tried of [path, `${workFolder}/../${path.split("/").slice(-2).join("/")}`]) {
        await attempt("remove()", session.remove(tried, bed.context()));
        demand(
          (await bed.readText(path)) === "precious",
          `remove() deleted ${tried}, which is outside the work folder. Refuse it.`,
        );
      }
    },
  },
  {
    id: "transport/remove-is-idempotent",
    demand:
      "`remove` deletes a folder with its files, and succeeds if it is gone already, because core repeats it.",
    needs: [],
    async check(start) {
      const bed = await start();
      const session = await bed.connect();
      const { workFolder } = await session.facts(bed.context());
      const folder = `${workFolder}/runs/it's old`;
      await bed.subject.writeFile(`${folder}/a/b.txt`, Buffer.from("x"));
      for (const when of ["first", "second"]) {
        const result = await attempt("remove()", session.remove(folder, bed.context()));
        demand(
          "value" in result,
          `The ${when} remove() failed: ${describeError("error" in result ? result.error : "")}.`,
        );
      }
      demand(
        (await bed.readText(`${folder}/a/b.txt`)) === undefined,
        "remove() resolved, and the file is still there.",
      );
    },
  },
]);
