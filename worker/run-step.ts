import * as z from 'zod';
import type { ArtifactStore } from '../adapters/aws/artifact-store';
import { buildKeys, checkoutKeys, publishKeys } from '../domain/artifact-keys';
import { type BuildError, buildErrorSchema } from '../domain/build-result';
import { describeError, WorkerError } from '../domain/errors';
import type { Redactor } from '../domain/redaction';
import type { WorkerEnvironment } from './env';

type Deps = {
  readonly store: Pick<ArtifactStore, 'writeText'>;
  readonly log: (line: string) => void;
  readonly redact: Redactor;
};

const steps = { checkout: 'Checkout', build: 'Build', publish: 'Publish' } as const satisfies Record<
  WorkerEnvironment['mode'],
  BuildError['step']
>;
const keysOf = { checkout: checkoutKeys, build: buildKeys, publish: publishKeys } as const;

/** Step Functions, the dead letter and the comment carry it on: no novel. */
const LONGEST_MESSAGE = 8_000;

/** Logs that the step had stored before it failed and what its agent had done, if its error says so (members in the form of error.json). */
const evidenceSchema = z.object({ logs: buildErrorSchema.shape.logs, agent: buildErrorSchema.shape.agent });

const buildErrorOf = (mode: WorkerEnvironment['mode'], error: unknown, redact: Redactor): BuildError => {
  const ours = error instanceof WorkerError ? error : null;
  const message = ours?.message ?? `The worker itself failed: ${describeError(error)}`;
  const { data } = evidenceSchema.safeParse(error);
  return {
    version: 1,
    step: steps[mode],
    code: ours?.code ?? 'UnexpectedFault',
    message: redact(message).slice(0, LONGEST_MESSAGE),
    remedy: redact(ours?.remedy || 'Look at the log of the build.'),
    logs: data?.logs ?? [],
    agent: data?.agent ?? null,
  };
};

/** Runs a build's one step. A failure becomes `error.json` beside the step's other results, and `failed`; nothing is thrown. */
export const runStep = async (
  { mode, artifactsPrefix }: Pick<WorkerEnvironment, 'mode' | 'artifactsPrefix'>,
  step: () => Promise<unknown>,
  { store, log, redact }: Deps,
): Promise<'done' | 'failed'> => {
  try {
    await step();
    return 'done';
  } catch (error) {
    const failure = buildErrorOf(mode, error, redact);
    log(`${failure.code}: ${failure.message} ${failure.remedy}`);
    if (failure.code === 'UnexpectedFault' && error instanceof Error) log(error.stack ?? '');
    await store
      .writeText(keysOf[mode](artifactsPrefix).error, JSON.stringify(failure))
      .catch((lost: unknown) => log(`error.json could not be written: ${describeError(lost)}`));
    return 'failed';
  }
};
