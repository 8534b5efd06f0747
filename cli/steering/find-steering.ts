import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { createArtifactStore } from '../../adapters/aws/artifact-store';
import { steeringObjects } from '../../adapters/aws/steering-objects';
import { hasCode } from '../../domain/errors';
import { describeSteering, ofSteeringPlace, type ReadSteeringFile, readSteering } from '../../domain/read-steering';
import type { SteeringPackage } from '../../domain/steering-package';
import type { RunSettings } from '../../local/runs/run-settings';
import type { CliContext, CommandInput } from '../command';
import { openGitHub } from '../github/open-github';
import { findCredential } from '../github/read-credential';
import { optionOf } from '../run/options';
import { parseSteeringPlace, type SteeringPlace } from './parse-place';
import { readSteeringFolder } from './read-folder';
import { readSteeringRepository } from './read-repository';

/** A package that has been fetched and checked, and what the state of the run remembers of it. */
export type FoundSteering = {
  readonly content: SteeringPackage;
  readonly setting: NonNullable<RunSettings['steering']>;
};

/** On GitHub the token that the board is read with; elsewhere, and where a GitHub App is not installed, git's own ways. */
const tokenFor = async (address: string, input: CommandInput, context: CliContext): Promise<string | null> => {
  const credential = findCredential(input, context);
  if (!credential || !/^https?:/.test(address)) return null;
  const { origin, pathname } = new URL(address);
  const [owner = '', repository = ''] = pathname
    .slice(1)
    .replace(/\.git$/, '')
    .split('/');
  const github = openGitHub(credential, owner, context);
  if (origin !== new URL(github.address.serverUrl).origin) return null;
  try {
    return await github.tokens.of({ owner, repository, permissions: { contents: 'read' } });
  } catch (error) {
    if (hasCode(error, 'PermissionDenied')) return null;
    throw error;
  }
};

type Scope = { readonly input: CommandInput; readonly context: CliContext; readonly workFolder: string };

const open = async (place: SteeringPlace, { input, context, workFolder }: Scope): Promise<ReadSteeringFile> => {
  if (place.kind === 'folder') return readSteeringFolder(place.path);
  if (place.kind === 's3') {
    const client = new S3Client({ followRegionRedirects: true });
    const store = createArtifactStore({ bucket: place.bucket, accountId: null }, { client, pause });
    return steeringObjects({ prefix: place.prefix, bucket: `the bucket ${place.bucket}` }, { store, workFolder });
  }
  const token = await tokenFor(place.address, input, context);
  return readSteeringRepository(place, { ...context, token, workFolder, log: context.printError });
};

/**
 * Fetches the package after --steering and checks all of it, before anything is started; null when none was named. Every item of the run then gets this very package, whatever
 * becomes of the place. @throws ValidationError, SteeringInvalid, RepositoryUnreachable, and what AWS says
 */
export const findSteering = async (input: CommandInput, context: CliContext): Promise<FoundSteering | null> => {
  const text = optionOf(input, 'steering');
  if (text === undefined) return null;
  const place = parseSteeringPlace(text, context.cwd);
  const workFolder = mkdtempSync(join(tmpdir(), 'kiro-steering-'));
  try {
    const content = await readSteering(await open(place, { input, context, workFolder }), place.digest);
    const { name, release } = content.manifest;
    context.printError(`Steering: ${describeSteering(content)}`);
    const { digest } = content;
    return { content, setting: { source: place.shown, name, release, digest, isPinned: place.digest !== null } };
  } catch (error) {
    throw ofSteeringPlace(place.shown, error);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
};
