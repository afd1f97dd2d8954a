/** The state types by name. */
import type { Place } from "../flow/flow.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Machine, Run } from "../machine.ts";
import { compileChoice } from "./choice.ts";
import { compileFail } from "./fail.ts";
import { compileMap } from "./map.ts";
import { compileParallel } from "./parallel.ts";
import { compilePass } from "./pass.ts";
import { compileSucceed } from "./succeed.ts";
import { compileTask } from "./task.ts";
import { compileWait } from "./wait.ts";

/** Compiles what is nested: branches and processors. */
export type CompileMachine = (definition: Json, path: string, language: Place["language"]) => Machine;
export type CompileState = (definition: JsonObject, place: Place, compileMachine: CompileMachine) => Run;

export const STATE_TYPES: Readonly<Record<string, CompileState>> = {
  Choice: compileChoice,
  Fail: compileFail,
  Map: compileMap,
  Parallel: compileParallel,
  Pass: compilePass,
  Succeed: compileSucceed,
  Task: compileTask,
  Wait: compileWait,
};
