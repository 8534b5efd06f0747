import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import * as z from 'zod';
import { type BoardSettings, boardSettingsSchema } from '../../domain/board-settings';
import { WorkerError } from '../../domain/errors';
import { translateAwsError } from './translate-aws-error';

/** Seconds for which a secret or parameter is kept: the deployment strategy's five minutes. */
const MAX_AGE_SECONDS = 300;

/** Powertools wraps what the SDK raised; its name says whether trying again helps. */
const causeOf = (error: unknown): unknown => (error as { readonly cause?: unknown }).cause ?? error;

/** Reads and checks the board settings from Parameter Store. */
export const ssmBoardSettings = ({ parameter }: { readonly parameter: string }): (() => Promise<BoardSettings>) => {
  const provider = new SSMProvider();
  return async () => {
    let text: string | undefined;
    try {
      text = await provider.get(parameter, { maxAge: MAX_AGE_SECONDS });
    } catch (error) {
      throw translateAwsError(causeOf(error), `read the parameter ${parameter}`);
    }
    return parseBoardSettings(text, parameter);
  };
};

const parseBoardSettings = (text: string | undefined, parameter: string): BoardSettings => {
  const wrong = (what: string) =>
    new WorkerError(
      'BoardMisconfigured',
      `The parameter ${parameter} ${what}`,
      'Write the board settings into it: docs/guides/deploying.md says how.',
    );
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw wrong('is not JSON.');
  }
  const parsed = boardSettingsSchema.safeParse(value);
  if (!parsed.success) throw wrong(`is wrong:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

export type StoredSecret = {
  readonly read: () => Promise<string>;
  /** What has been read so far, so that it can be kept out of logs. */
  readonly known: () => readonly string[];
  /** Forgets the cached value: the next read asks Secrets Manager. */
  readonly forget: () => void;
};

/** A secret that is not there, has no value yet, or is about to be deleted: waiting does not write one. */
const hasNoValue = (error: unknown): boolean =>
  ['ResourceNotFoundException', 'InvalidRequestException'].includes((error as Error).name);

const secretMissing = (secretId: string, cause?: unknown): WorkerError =>
  new WorkerError(
    'SecretMissing',
    `The secret ${secretId} has no value${cause instanceof Error ? `: ${cause.message}` : '.'}`,
    `Write it: aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string file://FILE (docs/guides/deploying.md).`,
    { cause },
  );

/**
 * One secret of Secrets Manager. Errors name the secret and never hold its value.
 * @throws SecretMissing when it has no value; PermissionDenied, AwsUnavailable
 */
export const storedSecret = ({ secretId }: { readonly secretId: string }): StoredSecret => {
  const provider = new SecretsProvider();
  const seen = new Set<string>();
  let forceFetch = false;
  return {
    known: () => [...seen],
    forget: () => {
      forceFetch = true;
    },
    read: async () => {
      let value: string | Uint8Array | undefined;
      try {
        value = await provider.get(secretId, { maxAge: MAX_AGE_SECONDS, forceFetch });
      } catch (error) {
        const cause = causeOf(error);
        throw hasNoValue(cause)
          ? secretMissing(secretId, cause)
          : translateAwsError(cause, `read the secret ${secretId}`);
      }
      forceFetch = false;
      if (typeof value !== 'string' || value.trim() === '') throw secretMissing(secretId);
      seen.add(value.trim());
      return value.trim();
    },
  };
};
