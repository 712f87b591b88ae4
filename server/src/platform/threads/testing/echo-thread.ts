import { parentPort, workerData } from "node:worker_threads";
import { fold } from "#kernel/text.ts";

const { task } = workerData as { task: string | null };
type Hoard = number[][];
const hoard: Hoard = [];
while (task === null) hoard.push(new Array<number>(100_000).fill(hoard.length));

const loaded = (process as unknown as { moduleLoadList: readonly string[] }).moduleLoadList;
parentPort?.postMessage({ folded: fold(task ?? ""), compilers: loaded.filter((name) => /amaro/.test(name)) });
