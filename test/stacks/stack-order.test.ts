import { expect } from 'chai';
import { loadEnvironments } from '../../config/load';
import { namesOf, stackKinds } from '../../config/naming';
import { everyStack, synthesizedStacks } from '../support/synthesized-stacks';

describe('the synthesized stacks', () => {
  it('are five per environment, each after exactly the one before', () => {
    const { stacks } = synthesizedStacks().manifest;
    const expected = loadEnvironments().flatMap((environment) => {
      const names = stackKinds.map(namesOf(environment).stack);
      return names.map((name, index) => [name, index === 0 ? [] : [names[index - 1]]]);
    });
    expect(stackKinds).to.have.length(5);
    expect(Object.fromEntries(Object.entries(stacks).map(([name, { dependencies }]) => [name, dependencies]))) //
      .to.deep.equal(Object.fromEntries(expected));
  });

  it('are called kiro-worker-{environment}-{kind}', () => {
    expect([...synthesizedStacks().texts.keys()]).to.include.members([
      'kiro-worker-test-core',
      'kiro-worker-staging-poller',
      'kiro-worker-production-monitoring',
    ]);
  });

  it('refuse every account but their own', () => {
    for (const [name, { provider }, environment] of everyStack())
      expect(
        provider.aws.map(({ region, allowed_account_ids }) => ({ region, allowed_account_ids })),
        name,
      ).to.deep.equal([{ region: environment.region, allowed_account_ids: [environment.account] }]);
  });

  it('tag everything with application, environment and stack', () => {
    for (const [name, { provider }, environment] of everyStack()) {
      const { default_tags: tags } = provider.aws[0] as { default_tags: { tags: Record<string, string> }[] };
      expect(tags[0]?.tags, name).to.include({ Application: 'kiro-worker', Environment: environment.name });
    }
  });

  it('keep their state in one relative place, outside of what a new synthesis writes', () => {
    for (const [name, { terraform, data }] of everyStack()) {
      expect(terraform, name).to.have.nested.property('backend.local.path', `../../../terraform.${name}.tfstate`);
      for (const [kind, { config }] of Object.entries(data?.terraform_remote_state ?? {}))
        expect(config.path, name).to.match(
          new RegExp(`^\\.\\./\\.\\./\\.\\./terraform\\.kiro-worker-\\w+-${kind}\\.tfstate$`),
        );
    }
  });

  it('pin the provider and demand a Terraform that has what they use', () => {
    for (const [name, { terraform }] of everyStack()) {
      expect(terraform, name).to.have.nested.property('required_providers.aws.version', '6.25.0');
      expect(terraform, name).to.have.property('required_version', '>= 1.10');
    }
  });

  it('read earlier stacks only through outputs that those declare', () => {
    for (const [name, stack, environment] of everyStack()) {
      const text = JSON.stringify(stack);
      expect(text, name).to.not.include('cross-stack-output');
      for (const [, kind, output] of text.matchAll(/data\.terraform_remote_state\.(\w+)\.outputs\.(\w+)/g))
        expect(synthesizedStacks().stack(environment, kind as (typeof stackKinds)[number]).output, name) //
          .to.have.property(output ?? '');
    }
  });

  it('hold no path of the machine that wrote them', () => {
    for (const [name, text] of synthesizedStacks().texts) {
      expect(text, name).to.not.include(process.cwd());
      expect(text, name).to.not.match(/"(\/home|\/root|\/tmp|\/Users)\//);
    }
  });
});
