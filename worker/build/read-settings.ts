import { parseDocument } from 'yaml';
import type * as z from 'zod';
import type { Git } from '../../adapters/git/git';
import { WorkerError } from '../../domain/errors';
import { type RepositorySettings, repositorySettingsSchema } from '../../domain/repository-settings';
import { readBlob } from './read-blob';
import { BASE } from './unpack';

export const SETTINGS_FILE = 'kiro-worker.yml';
const MOST_BYTES = 64 * 1024;
/** Aliases that are followed: some are a convenience, thousands are a bomb. */
const MOST_ALIASES = 20;

const invalid = (problem: string): WorkerError =>
  new WorkerError(
    'SettingsInvalid',
    `${SETTINGS_FILE} on the base branch cannot be used: ${problem}.`,
    'Mend it on the base branch; docs/guides/kiro-worker-yml.md lists every setting.',
  );

const describe = ({ code, path, message, ...issue }: z.core.$ZodIssue): string => {
  const place = path.map(String).join('.');
  if (code === 'unrecognized_keys' && 'keys' in issue && Array.isArray(issue.keys))
    return issue.keys.map((key) => `${[place, key].filter(Boolean).join('.')} is not a setting`).join('; ');
  return place ? `${place}: ${message}` : message;
};

/** YAML 1.2 without tags of its own, duplicate keys or bombs. */
const parseYaml = (text: string): unknown => {
  const document = parseDocument(text, { schema: 'core', prettyErrors: true, stringKeys: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem)
    throw invalid(`it is not the YAML that is read here: ${problem.message.split('\n')[0]?.replace(/:$/, '')}`);
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    throw invalid((error as Error).message);
  }
};

/** The settings in `text`; the defaults for a file that is empty. @throws SettingsInvalid naming each wrong or unknown field */
export const parseSettings = (text: string): RepositorySettings => {
  const parsed = repositorySettingsSchema.safeParse(parseYaml(text) ?? {});
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.slice(0, 10).map(describe).join('; '));
};

/** What the base branch says; a feature branch cannot change by which rules it is judged. */
export const readSettings = async (deps: { readonly git: Git }): Promise<RepositorySettings> => {
  const place = { commit: BASE, path: SETTINGS_FILE, mostBytes: MOST_BYTES };
  return parseSettings((await readBlob(place, invalid, deps)) ?? '');
};
