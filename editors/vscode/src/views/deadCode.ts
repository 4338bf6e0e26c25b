import type { DeadCode } from "../protocol";
import { currentFolder } from "../places";
import type { Service } from "../service";
import { byFile, count, type ResultTree } from "./tree";

const LIMIT = 1000;

export async function findDeadCode(service: Service, tree: ResultTree): Promise<void> {
  const result = await service.ask<DeadCode>("magellan/deadCode", { ...currentFolder(), limit: LIMIT });
  const entryPoints = Array.isArray(result.entryPoints) ? result.entryPoints.length : result.entryPoints;
  const found = result.truncated
    ? `The first ${result.dead.length} symbols that nothing reaches`
    : `${count(result.dead.length, "symbol")} that nothing reaches`;
  tree.show(byFile(result.dead), `${found} from ${count(entryPoints, "entry point")}.`);
  await tree.reveal();
}
