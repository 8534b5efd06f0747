import { expect } from 'chai';
import { createAttributes } from '../../../local/stacks/attributes';
import { createResolver } from '../../../local/stacks/resolve-tokens';
import type { Stack } from '../../../local/stacks/terraform-json';

const home = { region: 'eu-west-1', accountId: '123456789012' };
const backend = (name: string) => ({ backend: { local: { path: `../${name}.tfstate` } } });

const core: Stack = {
  name: 'core',
  terraform: backend('core'),
  data: {},
  resource: {
    aws_kms_key: { key: {} },
    aws_iam_role: { role: { name: 'env-task' } },
    aws_sqs_queue: { queue: { name: 'letters' } },
    aws_dynamodb_table: { loop: { name: '${aws_dynamodb_table.loop.arn}' } },
    aws_s3_object: { bundle: { bucket: 'releases', key: 'bundles/worker.zip' }, other: { bucket: 'b', key: 'k' } },
    aws_sfn_state_machine: { machine: { name: 'pipeline' } },
    aws_cloudwatch_log_group: { logs: { name: '/aws/x', retention_in_days: 30, tags: { owner: 'me' } } },
  },
  output: {
    queue_url: { value: '${aws_sqs_queue.queue.url}' },
    broken: { value: '${aws_sqs_queue.none.url}' },
    list: { value: ['a', 'b'] },
  },
};
const later: Stack = {
  name: 'later',
  terraform: { backend: { s3: { key: 'later.tfstate' } } },
  data: {
    terraform_remote_state: {
      core: { backend: 'local', config: { path: '../core.tfstate' } },
      later: { backend: 's3', config: { key: 'later.tfstate' } },
      nowhere: { backend: 'local', config: { path: '../none.tfstate' } },
    },
    aws_caller_identity: { me: {} },
    aws_region: { here: {} },
    aws_partition: { part: {} },
  },
  resource: {},
  output: { own: { value: 'mine' } },
};

const attributes = createAttributes({
  home,
  url: 'http://127.0.0.1:1',
  functionVersion: () => 7,
  objectVersion: (_, key) => (key === 'k' ? undefined : `version of ${key}`),
});
const resolve = createResolver([core, later], home, attributes);
const inCore = (value: unknown) => resolve(value, core, 'the place');
const inLater = (value: unknown) => resolve(value, later, 'the place');

describe('the token resolver', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['${aws_iam_role.role.arn}', 'arn:aws:iam::123456789012:role/env-task'],
    ['${aws_iam_role.role.name}', 'env-task'],
    ['${aws_iam_role.role.id}', 'env-task'],
    ['${aws_sqs_queue.queue.url}', 'http://127.0.0.1:1/123456789012/letters'],
    ['${aws_sqs_queue.queue.arn}', 'arn:aws:sqs:eu-west-1:123456789012:letters'],
    ['${aws_s3_object.bundle.version_id}', 'version of bundles/worker.zip'],
    ['${aws_sfn_state_machine.machine.arn}', 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline'],
    ['${aws_cloudwatch_log_group.logs.arn}:*', 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/x:*'],
    ['${aws_cloudwatch_log_group.logs.retention_in_days}', 30],
    ['days: ${aws_cloudwatch_log_group.logs.retention_in_days}', 'days: 30'],
    ['${aws_cloudwatch_log_group.logs.tags.owner}', 'me'],
    ['${aws_cloudwatch_log_group.logs.tags["owner"]}', 'me'],
    ['{"a":"${aws_iam_role.role.id}","b":"${aws_iam_role.role.id}"}', '{"a":"env-task","b":"env-task"}'],
    ['$${HOME} is plain, %%{if} too', '${HOME} is plain, %{if} too'],
    ['{% $states.input %}', '{% $states.input %}'],
  ];
  for (const [token, value] of cases)
    it(`makes ${token} to what it is on this machine`, () => {
      expect(inCore(token)).to.deep.equal(value);
    });

  it('reads outputs of earlier stacks by where their state lies', () => {
    expect(inLater('${data.terraform_remote_state.core.outputs.queue_url}')).to.equal(
      'http://127.0.0.1:1/123456789012/letters',
    );
    expect(inLater('${data.terraform_remote_state.core.outputs.list[1]}')).to.equal('b');
    expect(inLater('${data.terraform_remote_state.later.outputs.own}')).to.equal('mine');
  });

  it('knows account, region and partition', () => {
    const text =
      '${data.aws_partition.part.partition} ${data.aws_caller_identity.me.account_id} ${data.aws_region.here.region}';
    expect(inLater(text)).to.equal('aws 123456789012 eu-west-1');
  });

  it('goes into lists and objects and leaves everything else as it is', () => {
    expect(inCore({ a: ['${aws_iam_role.role.id}', 1, null, true] })).to.deep.equal({ a: ['env-task', 1, null, true] });
  });

  it('gives a key the same id each time', () => {
    const id = inCore('${aws_kms_key.key.key_id}');
    expect(id).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(inCore('${aws_kms_key.key.arn}')).to.equal(`arn:aws:kms:eu-west-1:123456789012:key/${id}`);
  });

  const failures: readonly (readonly [string, string, (value: string) => unknown])[] = [
    ['${aws_sqs_queue.none.url}', 'core has no such resource', inCore],
    ['${aws_sqs_queue.queue.secret}', 'aws_sqs_queue has no secret here', inCore],
    ['${aws_sfn_state_machine.machine.state_machine_version_arn}', 'aws_sfn_state_machine has no', inCore],
    ['${aws_s3_object.other.version_id}', 'it has no value', inCore],
    ['${filesha256("x")}', 'it is no plain reference', inCore],
    ['${var.name}', 'it is no plain reference', inCore],
    ['%{if true}', 'directives are not evaluated', inCore],
    ['${aws_dynamodb_table.loop.name}', 'it refers to itself', inCore],
    ['${data.aws_caller_identity.me.account_id}', 'it is not known here', inCore],
    ['${data.aws_iam_policy_document.x.json}', 'it is not known here', inLater],
    ['${data.terraform_remote_state.core.outputs.gone}', 'no stack of this environment has the output', inLater],
    ['${data.terraform_remote_state.nowhere.outputs.x}', 'no stack of this environment has the output', inLater],
    ['${data.terraform_remote_state.core.outputs.broken}', 'core has no such resource', inLater],
  ];
  for (const [token, why, run] of failures)
    it(`fails loudly on ${token}`, () => {
      expect(() => run(`before ${token} after`))
        .to.throw(Error, why)
        .with.property('name', 'ValidationError');
    });

  it('names the token and the place that it stands in', () => {
    expect(() => inCore({ a: [{ b: '${aws_x.y.z}' }] })).to.throw('${aws_x.y.z} in the place.a[0].b');
  });
});
