import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../asl/engine';
import { systemRandomness } from '../asl/randomness';
import { createFileStore } from '../asl/store';
import { nameOfSecret } from '../aws/secrets-manager';
import type { StoredValues } from '../aws/stored-values';
import type { ChildLedger } from '../child-ledger';
import { openBuildStore } from '../codebuild/build-record';
import type { StoredVariables } from '../codebuild/build-variables';
import { type Builds, createBuilds } from '../codebuild/builds';
import { createIntegrations } from '../integrations/integrations';
import type { FunctionVersions } from '../lambda/function-versions';
import { createLambda, type Lambda } from '../lambda/lambda';
import type { Closers } from './closers';
import type { Identities } from './identities';
import type { Variables } from './options';
import type { Site } from './site';
import type { Stores } from './stores';

/** All that runs: functions, builds, executions. */
export type Compute = { readonly lambda: Lambda; readonly builds: Builds; readonly engine: Engine };

type Deps = {
  readonly stores: Stores;
  readonly identities: Identities;
  readonly versions: FunctionVersions;
  readonly children: ChildLedger;
  readonly closers: Closers;
};

/** Even a machine with one core runs a checkout beside a build. */
const FEWEST_BUILDS = 2;

const existing = (values: StoredValues, name: string, what: string): string => {
  const found = values.get(name);
  if (!found) throw new Error(`there is no ${what} ${name}, or it has no value`);
  return found.value;
};

const storedVariables = ({ secrets, parameters }: Stores): StoredVariables => ({
  secret: (id) => existing(secrets, nameOfSecret(id), 'secret'),
  parameter: (name) => existing(parameters, name, 'parameter'),
});

const projectOverlay = ({ names, variables, buildUser }: Site, project: string): Variables => {
  if (project === names.gitProject) return variables.git;
  return project === names.builderProject ? { ...variables.builder, BUILD_USER: buildUser } : {};
};

const openLambda = (site: Site, { stores, identities, versions, children }: Deps): Lambda =>
  createLambda(
    { folder: join(site.stateFolder, 'lambda'), region: site.home.region, searchPath: site.searchPath },
    {
      objects: stores.objects,
      versions,
      children,
      variablesOf: ({ role }) => ({ ...site.variables.functions, ...identities.variablesFor(role) }),
    },
  );

const openBuilds = (site: Site, { stores, identities, children }: Deps): Builds =>
  createBuilds(
    { home: site.home, projects: site.description.projects, slots: Math.max(FEWEST_BUILDS, availableParallelism()) },
    {
      store: openBuildStore(join(site.stateFolder, 'builds')),
      clock: site.clock,
      objects: stores.objects,
      stored: storedVariables(stores),
      children,
      region: site.home.region,
      searchPath: site.searchPath,
      variablesOf: ({ project, role }) => ({ ...projectOverlay(site, project), ...identities.variablesFor(role) }),
    },
  );

const stopExecutions = ({ executions, stopExecution }: Engine): void => {
  for (const { executionArn, status, mapRunArn } of executions())
    if (status === 'RUNNING' && mapRunArn === undefined)
      stopExecution(executionArn, { error: 'Local.Closed', cause: 'The local cloud was closed.' });
};

/** Opens what runs, and closes the books of what an earlier process left running. */
export const openCompute = (site: Site, deps: Deps): Compute => {
  const lambda = openLambda(site, deps);
  deps.closers.add(lambda.close);
  const builds = openBuilds(site, deps);
  builds.recover();
  deps.closers.add(builds.close);
  const engine = createEngine({
    home: site.home,
    clock: site.clock,
    randomness: systemRandomness,
    integrations: createIntegrations({ lambda, builds, queue: deps.stores.queue }),
    store: createFileStore(join(site.stateFolder, 'states')),
  });
  engine.recover();
  deps.closers.add(() => stopExecutions(engine));
  return { lambda, builds, engine };
};
