import { errorCatalogue, isErrorCode } from './errors';

/** What failed, in words that help: a code, a sentence, and what to do. */
export type ClassifiedFailure = { readonly code: string; readonly message: string; readonly remedy: string };

const WHAT_TO_DO = 'Mend the cause, then move the item back to Ready or redrive the dead letter.';

const TEXT = '"((?:[^"\\\\]|\\\\.)*)"';

/** What stands between the quotes of a JSON string; as it is when it cannot be read. */
const unquote = (content: string): string => {
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
};

/** Finds `"name":"value"` in JSON that may be cut off anywhere (Step Functions cuts Cause at 32,768 characters). */
const stringIn = (json: string, name: string): string | null => {
  const match = new RegExp(`"${name}"\\s*:\\s*${TEXT}`).exec(json);
  return match ? unquote(match[1] ?? '') : null;
};

/** The message of the phase that failed, e.g. `COMMAND_EXECUTION_ERROR: … exit status 1`; phases that went well have empty ones. */
const failedPhase = (cause: string): string | null => {
  const code = '"StatusCode"\\s*:\\s*"[A-Z_]+"';
  const message = `"Message"\\s*:\\s*${TEXT}`;
  const match =
    new RegExp(`${code}\\s*,\\s*${message}`).exec(cause) ?? new RegExp(`${message}\\s*,\\s*${code}`).exec(cause);
  return match?.[1] ? unquote(match[1]).replace(/\s+/g, ' ') : null;
};

const ofBuild = (cause: string, step: string): ClassifiedFailure => {
  const status = stringIn(cause, 'BuildStatus') ?? 'FAILED';
  const phase = failedPhase(cause);
  if (status === 'TIMED_OUT')
    return { code: 'BuildTimedOut', message: `The ${step} build ran into its time limit.`, remedy: WHAT_TO_DO };
  if (status === 'STOPPED')
    return { code: 'BuildFailed', message: `The ${step} build was stopped by somebody.`, remedy: WHAT_TO_DO };
  const why = phase ? `: ${phase}` : '';
  return { code: 'BuildFailed', message: `The ${step} build ended as ${status}${why}.`, remedy: WHAT_TO_DO };
};

/** What Step Functions reports, as well as it can be understood. */
export const classifyFailure = (failure: {
  readonly step: string;
  readonly error: string;
  readonly cause: string;
}): ClassifiedFailure => {
  const { step, error, cause } = failure;
  if (cause.includes('"BuildStatus"')) return ofBuild(cause, step);
  const message = stringIn(cause, 'errorMessage') ?? cause;
  if (error === 'States.Timeout')
    return { code: error, message: `The step ${step} did not end in time.`, remedy: WHAT_TO_DO };
  const retryable = isErrorCode(error) && errorCatalogue[error].retryable;
  return {
    code: error,
    message: message || `The step ${step} failed.`,
    remedy: retryable ? 'It was tried several times. Try again later: redrive the dead letter.' : WHAT_TO_DO,
  };
};
