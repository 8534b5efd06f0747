// To be loaded first, by mocha and by every program that a test starts under measurement.
// nyc hands itself on to each process that a measured one starts, also to one that was given an environment of its own: a build would be measured by
// ours and by its own nyc at once, and find variables that nobody gave it. Here a process is measured only if its starter passes nyc's variables on.
import type { Spawning } from 'process-on-spawn';

const install = (): void => {
  const hooks = require('process-on-spawn') as typeof import('process-on-spawn');
  const given = new WeakMap<Spawning, Record<string, string>>();
  hooks.prependListener((spawning) => {
    if (!('NYC_CONFIG' in spawning.env)) given.set(spawning, { ...spawning.env });
  });
  hooks.addListener((spawning) => {
    const env = given.get(spawning);
    if (env) spawning.env = env;
  });
};

if (process.env.NYC_CONFIG) install();
