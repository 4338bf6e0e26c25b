import type { DeadCode } from "../protocol";
import { currentFolder } from "../places";
import type { Service } from "../service";
import { byFile, count, type ResultTree } from "./tree";

const LIMIT = 1000;

export async function findDeadCode(service: Service, tree: ResultTree): Promise<void> {
  const result = await service.ask<DeadCode>("magellan/deadCode", { ...currentFolder(), limit: LIMIT });
  const { dead, deadCount, entryPointCount } = result;
  const found = `${count(deadCount, "symbol")} that nothing reaches from ${count(entryPointCount, "entry point")}`;
  tree.show(byFile(dead), result.truncated ? `${found}; the first ${dead.length}.` : `${found}.`);
  await tree.reveal();
}
