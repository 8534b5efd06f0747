import type { BuildCourse } from './build-course';
import { noFault } from './build-course';
import type { BuildLog } from './build-log';
import type { PhaseContext } from './build-record';
import type { BuildPhase, Buildspec } from './buildspec';
import { PhaseFailure } from './download-source';

/** What runs the commands of a build. `user` is the name given by run-as. */
export type RunCommand = (command: string, user: string | undefined) => Promise<number>;

type Deps = {
  readonly course: BuildCourse;
  readonly log: BuildLog;
  readonly run: RunCommand;
  /** Aborted when the build is stopped or out of time: nothing is started any more. */
  readonly signal: AbortSignal;
};

const phases = [
  ['INSTALL', 'install'],
  ['PRE_BUILD', 'pre_build'],
  ['BUILD', 'build'],
  ['POST_BUILD', 'post_build'],
] as const;

const commandFailure = (command: string, status: number): PhaseFailure =>
  new PhaseFailure(
    'COMMAND_EXECUTION_ERROR',
    `Error while executing command: ${command}. Reason: exit status ${status}`,
  );

/** Runs commands until one fails. */
const runCommands = async (
  commands: readonly string[],
  user: string | undefined,
  { log, run, signal }: Deps,
): Promise<PhaseFailure | undefined> => {
  for (const command of commands) {
    if (signal.aborted) return undefined;
    log.say(`Running command ${command}`);
    const status = await run(command, user);
    if (signal.aborted) return undefined;
    if (status !== 0) {
      log.say(`Command did not exit successfully ${command} exit status ${status}`);
      return commandFailure(command, status);
    }
  }
  return undefined;
};

/** `finally` runs whether or not a command has failed; its own failure fails the phase, too. */
const runPhase = async (phase: BuildPhase, user: string | undefined, deps: Deps): Promise<PhaseFailure | undefined> => {
  const as = phase['run-as'] ?? user;
  const failure = await runCommands(phase.commands, as, deps);
  const afterwards = await runCommands(phase.finally, as, deps);
  return failure ?? afterwards;
};

/** The way after a failed phase (user guide, "Build phase transitions"): only BUILD goes on by default, to POST_BUILD. */
const goesOn = (name: (typeof phases)[number][1], phase: BuildPhase): boolean =>
  phase['on-failure'] === undefined ? name === 'build' : phase['on-failure'] === 'CONTINUE';

/** Runs the phases of a buildspec. False when one has failed. */
export const runPhases = async (buildspec: Buildspec, deps: Deps): Promise<boolean> => {
  const { course, log, run, signal } = deps;
  let succeeding = true;
  for (const [type, name] of phases) {
    if (signal.aborted) return succeeding;
    const phase = buildspec.phases[name];
    course.enter(type);
    log.say(`Entering phase ${type}`);
    const failure = await runPhase(phase, buildspec['run-as'], deps);
    if (signal.aborted) return succeeding; // the phase is ended by whoever ends the build
    const contexts: readonly PhaseContext[] = failure ? [failure.context] : noFault;
    course.leave(failure ? 'FAILED' : 'SUCCEEDED', contexts);
    log.say(`Phase complete: ${type} State: ${failure ? 'FAILED' : 'SUCCEEDED'}`);
    log.say(`Phase context status code: ${failure?.context.statusCode ?? ''} Message: ${failure?.message ?? ''}`);
    if (!failure) continue;
    if (succeeding) await run('export CODEBUILD_BUILD_SUCCEEDING=0', buildspec['run-as']);
    succeeding = false;
    if (!goesOn(name, phase)) return false;
  }
  return succeeding;
};
