import type { BuildRecord, BuildStatus, BuildStore, PhaseContext, PhaseType } from './build-record';

/** Writes down what a build goes through. One phase is open at a time; ending it begins the next one. */
export type BuildCourse = {
  readonly record: () => BuildRecord;
  readonly change: (changes: Partial<BuildRecord>) => void;
  readonly enter: (type: PhaseType) => void;
  /** Does nothing when the phase has ended already. */
  readonly leave: (status: BuildStatus, contexts?: readonly PhaseContext[]) => void;
  readonly complete: (status: BuildStatus) => void;
};

/** Phases of AWS's control plane have no context; those of the container have an empty one when nothing went wrong. */
export const noFault: readonly PhaseContext[] = [{ statusCode: '', message: '' }];

export const createBuildCourse = (
  id: string,
  { store, now }: { readonly store: BuildStore; readonly now: () => Date },
): BuildCourse => {
  const record = (): BuildRecord => {
    const found = store.find(id);
    if (!found) throw new Error(`there is no build ${id}`);
    return found;
  };
  const change: BuildCourse['change'] = (changes) => {
    store.save({ ...record(), ...changes });
  };
  const time = (): number => now().getTime();
  return {
    record,
    change,
    enter: (type) => change({ phases: [...record().phases, { type, start: time(), contexts: [] }] }),
    leave: (status, contexts = []) => {
      const { phases } = record();
      const open = phases.at(-1);
      if (!open || open.status !== undefined) return;
      change({ phases: [...phases.slice(0, -1), { ...open, status, end: time(), contexts: [...contexts] }] });
    },
    complete: (status) => {
      const at = time();
      change({ status, end: at, phases: [...record().phases, { type: 'COMPLETED', start: at, contexts: [] }] });
    },
  };
};
