import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { countOf } from '../../domain/count-of';
import { exitCodes, WorkerError } from '../../domain/errors';
import { isSteeringText, steeringFileTooLarge } from '../../domain/read-steering';
import {
  parseSteeringManifest,
  STEERING_MANIFEST,
  steeringInvalid,
  steeringLimits,
} from '../../domain/steering-package';
import type { Command } from '../command';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Regular files with their paths as a manifest writes them, sorted. Links and hidden folders are not gone into. */
const listFiles = (folder: string, root = folder): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : listFiles(path, root);
    return entry.isFile() ? [relative(root, path).split(sep).join('/')] : [];
  });

const readPaths = (folder: string): readonly string[] => {
  try {
    return [...listFiles(folder)].sort();
  } catch (error) {
    throw new WorkerError('ValidationError', `The folder ${folder} cannot be read: ${(error as Error).message}.`);
  }
};

/** Looked at before anything is read: somebody may have named the wrong folder. @throws SteeringInvalid */
const checkSizes = (folder: string, paths: readonly string[]): void => {
  if (paths.length > steeringLimits.files)
    throw steeringInvalid(
      `${folder} holds ${countOf(paths.length, '.md file')}; a package has at most ${steeringLimits.files}`,
    );
  for (const path of paths) {
    const { size } = statSync(join(folder, path));
    if (size > steeringLimits.fileBytes) throw steeringFileTooLarge(path, size, steeringLimits.fileBytes);
  }
};

/** What a checkout would refuse. */
const checkText = (path: string, bytes: Buffer): Buffer => {
  if (!isSteeringText(bytes)) throw steeringInvalid(`"${path}" is not text in UTF-8`);
  return bytes;
};

/** Writes steering.json: what makes a folder of Markdown files a versioned package. */
export const steeringPack: Command = {
  name: 'steering pack',
  summary: 'Writes the manifest of a steering package: its version, and the checksum of each .md file',
  usage: 'steering pack FOLDER --name NAME --release RELEASE [--json]',
  options: { name: 'NAME of the package, such as acme', release: 'RELEASE of it, such as 1.4.0' },
  positionals: ['FOLDER'],
  jsonTakesFile: false,
  run: async ({ positionals, options, json }, context) => {
    const folder = resolve(context.cwd, positionals[0] ?? '');
    const paths = readPaths(folder);
    const texts = paths.filter((path) => path.endsWith('.md'));
    checkSizes(folder, texts);
    const files = texts.map((path) => {
      const bytes = checkText(path, readFileSync(join(folder, path)));
      return { path, sha256: sha256(bytes), bytes: bytes.length };
    });
    const manifest = { version: 1, name: options.name ?? '', release: options.release ?? '', files };
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    parseSteeringManifest(text);
    writeFileSync(join(folder, STEERING_MANIFEST), text);
    const digest = sha256(Buffer.from(text));
    const leftOut = paths.filter((path) => !path.endsWith('.md') && path !== STEERING_MANIFEST);
    if (json) context.print(JSON.stringify({ name: manifest.name, release: manifest.release, digest, files, leftOut }));
    else {
      context.print(
        `${manifest.name} ${manifest.release}: ${countOf(files.length, 'file')} in ${join(folder, STEERING_MANIFEST)}`,
      );
      for (const path of leftOut) context.print(`left out, not ".md": ${path}`);
      context.print(`digest: '${digest}'`);
    }
    return exitCodes.success;
  },
};
