import { join } from 'node:path';
import { loadEnvironments } from './config/load';
import { readBundleManifest } from './stacks/bundle-manifest';
import { synthesize } from './stacks/synthesize';

const project = join(__dirname, '..'); // of dist/

synthesize(loadEnvironments(), readBundleManifest(join(project, 'build', 'bundles')));
