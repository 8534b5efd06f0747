import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { DataTerraformRemoteStateLocal, LocalBackend, TerraformOutput, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { type Names, namesOf, type StackKind } from '../config/naming';
import type { Environment } from '../config/schema';
import { type Arns, arnsOf } from './arns';
import type { OutputName } from './stack-outputs';

/** Beside cdktf.out, so that a new synthesis never meets it; relative, because Terraform runs in the stack's folder on every machine. */
const stateFile = (stack: string): string => `../../../terraform.${stack}.tfstate`;

/** A stack of one environment: its names, its provider, which refuses every other account, its state, its outputs. */
export abstract class EnvironmentStack<Kind extends StackKind = StackKind> extends TerraformStack {
  readonly names: Names;
  readonly arns: Arns;
  readonly environment: Environment;

  constructor(scope: Construct, kind: Kind, environment: Environment) {
    const names = namesOf(environment);
    super(scope, names.stack(kind));
    this.names = names;
    this.arns = arnsOf(environment);
    this.environment = environment;
    new LocalBackend(this, { path: stateFile(names.stack(kind)) });
    new AwsProvider(this, 'aws', {
      region: environment.region,
      allowedAccountIds: [environment.account],
      defaultTags: [{ tags: { Application: 'kiro-worker', Environment: environment.name, Stack: kind } }],
    });
    this.addOverride('terraform.required_version', '>= 1.10');
  }

  /** Reads outputs of an earlier stack from its state. Automatic references would be hidden outputs that vanish with their reader. */
  protected upstream<Earlier extends StackKind>(kind: Earlier): (output: OutputName<Earlier>) => string {
    const state = new DataTerraformRemoteStateLocal(this, kind, { path: stateFile(this.names.stack(kind)) });
    return (output) => state.getString(output);
  }

  protected exports(values: Readonly<Record<OutputName<Kind>, string>>): void {
    const outputs = new Construct(this, 'outputs');
    for (const [name, value] of Object.entries<string>(values))
      new TerraformOutput(outputs, name, { value, staticId: true });
  }
}

/** The stack in which a construct stands, with the names of its environment. */
export const environmentStackOf = (construct: Construct): EnvironmentStack => {
  const stack = TerraformStack.of(construct);
  if (stack instanceof EnvironmentStack) return stack;
  throw new TypeError(`${construct.node.path} stands in a stack that belongs to no environment`);
};
