import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildLedger } from '../child-ledger';
import type { BuildLog } from './build-log';
import { type BuildShell, openBuildShell, quote, type ShellPlan } from './shell';

/** The shells of one build: one as a rule, one more for each user named by run-as. */
export type RunAs = {
  readonly run: (command: string, user: string | undefined) => Promise<number>;
  /** Values of variables as the commands have left them; those that are not set are left out. */
  readonly read: (names: readonly string[]) => Promise<readonly { readonly name: string; readonly value: string }[]>;
  readonly end: (graceMs: number) => Promise<void>;
};

const idsOf = (user: string): { readonly uid: number; readonly gid: number } => {
  const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: 'pipe' }).trim());
  return { uid: id('-u'), gid: id('-g') };
};

/** Only root can become somebody else; for an ordinary user everything runs as that user, and the log says so. */
const isRoot = (): boolean => process.getuid?.() === 0;

export const createRunAs = (
  plan: Omit<ShellPlan, 'user'>,
  { children, log }: { readonly children: ChildLedger; readonly log: BuildLog },
): RunAs => {
  const shells = new Map<string, BuildShell>();

  const shellOf = (user: string | undefined): BuildShell => {
    const name = isRoot() && user !== undefined ? user : '';
    const existing = shells.get(name);
    if (existing) return existing;
    if (user !== undefined && name === '') log.say(`run-as ${user} has no effect: only root can become another user`);
    const shell = openBuildShell(
      { ...plan, folder: join(plan.folder, name || 'default'), user: name === '' ? undefined : idsOf(name) },
      { children, output: log.output },
    );
    shells.set(name, shell);
    return shell;
  };

  return {
    run: async (command, user) => {
      try {
        return await shellOf(user).run(command);
      } catch (error) {
        log.say(`The command could not be started: ${(error as Error).message}`);
        return 127;
      }
    },
    read: async (names) => {
      if (names.length === 0) return [];
      const folder = join(plan.folder, 'exported');
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o777);
      const files = names.map((name) => join(folder, name));
      const prints = names.map(
        (name, index) => `[ -z "\${${name}+x}" ] || printf %s "$${name}" >${quote(files[index] ?? '')}`,
      );
      await shellOf(undefined).run(prints.join('\n'));
      return names.flatMap((name, index) => {
        try {
          return [{ name, value: readFileSync(files[index] ?? '', 'utf8') }];
        } catch {
          return []; // not set
        }
      });
    },
    end: async (graceMs) => {
      await Promise.all([...shells.values()].map((shell) => shell.end(graceMs)));
    },
  };
};
