import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the product's own package.json: sources, synthesized stacks and sample files are found from here. */
export const projectRoot = (from: string = __dirname): string => {
  const manifest = join(from, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'kiro-codebuild-worker') return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error('the installation is broken: package.json of kiro-codebuild-worker was not found');
  return projectRoot(parent);
};
