import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createLockTable } from '../../adapters/aws/lock-table';
import { retryableCodes } from '../../domain/errors';
import { awsBench } from '../support/aws-bench';
import { startLambda } from '../support/invoke-handler';
import { LOCKS_TABLE } from '../support/locks-table';
import { ledgerOf } from '../support/spendings';
import { workItem } from '../support/work-items';

type Reply = { readonly status: number; readonly body: object };

const parameter = (Value: string): Reply => ({
  status: 200,
  body: { Parameter: { Name: 'n', Type: 'String', Value } },
});
const refusal = (__type: string, message = 'no'): Reply => ({ status: 400, body: { __type, message } });

describe('acquire-lock, when the budget cannot be had,', function () {
  this.timeout(60_000);
  const aws = awsBench();
  let server: Server;
  let reply: Reply;
  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(reply.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(reply.body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const acquire = async () => {
    const { port } = server.address() as AddressInfo;
    const child = startLambda('acquire-lock', { ...aws().env, AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}` });
    const answer = await child.invoke({
      item: workItem(),
      owner: aws().startExecution(),
      redrive: false,
      dryRun: false,
    });
    child.end();
    return answer;
  };
  const table = () => createLockTable({ tableName: LOCKS_TABLE, index: 'held' }, { client: aws().dynamo });

  const cases: readonly (readonly [string, Reply, string, RegExp])[] = [
    [
      'is no JSON',
      parameter('{"dayCredits": 3'),
      'BudgetInvalid',
      /\/kiro-worker\/test\/credit-budget is not JSON.*budget set/s,
    ],
    ['is empty', parameter(' '), 'BudgetInvalid', /is not JSON/],
    ['is too large a number', parameter('{"dayCredits":1e9}'), 'BudgetInvalid', /dayCredits/],
    ['is larger than any budget', parameter(JSON.stringify({ note: 'x'.repeat(100_000) })), 'BudgetInvalid', /note/],
    [
      'may not be read',
      refusal('AccessDeniedException'),
      'PermissionDenied',
      /denied to read the parameter \/kiro-worker\/test\/credit-budget: no Grant it/,
    ],
    [
      'is throttled',
      refusal('ThrottlingException', 'Rate exceeded'),
      'AwsUnavailable',
      /ThrottlingException: Rate exceeded Try again/,
    ],
    [
      'has a broken service',
      { status: 500, body: { __type: 'InternalServerError' } },
      'AwsUnavailable',
      /read the parameter/,
    ],
  ];
  for (const [what, answer, code, words] of cases)
    it(`takes nothing, and says ${code}, where it ${what}`, async () => {
      reply = answer;
      const { output, failure } = await acquire();
      expect([output, failure?.name]).to.deep.equal([undefined, code]);
      expect(failure?.message).to.match(words).and.have.length.below(1_000);
      expect((retryableCodes as readonly string[]).includes(code), 'retried').to.equal(code === 'AwsUnavailable');
      expect(await ledgerOf(table()).openAccounts()).to.deep.equal([]);
      expect(await table().queryHeld('held')).to.deep.equal([]);
    });

  it('has the defaults of the guide where nobody has written one', async () => {
    reply = refusal('ParameterNotFound');
    expect((await acquire()).output).to.deep.include({
      outcome: 'acquired',
      credits: { soft: 80, softBudget: 'item', hard: 100, hardBudget: 'item', unknownRunCredits: 1 },
    });
  });
});
