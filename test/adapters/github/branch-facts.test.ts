import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { readBranchFacts, readLinkedBranches } from '../../../adapters/github/branch-facts';
import { readBlockingRules } from '../../../adapters/github/branch-rules';
import { tokens, WRITER } from '../../local/github/github-fixture';
import { failureOf } from '../../support/failure-of';
import { type GitHubBench, REPOSITORY, startGitHubBench } from '../../support/github-bench';

const BOSS = 'boss-token-0003';

describe('readBranchFacts', () => {
  let bench: GitHubBench;
  before(async () => {
    bench = await startGitHubBench({
      tokens: [...tokens, { token: BOSS, login: 'boss', canWrite: true, mayBypass: true }],
    });
    await bench.plant({
      rows: [{ number: 1, linkedBranches: ['feature'] }, { number: 2 }],
      repository: {
        protectedBranches: ['level'],
        rules: [
          { type: 'required_signatures', branches: 'feature' },
          { type: 'required_status_checks', branches: 'feature' },
          { type: 'non_fast_forward', branches: '~ALL' },
        ],
      },
    });
  });
  after(() => bench.close());

  const repositoryId = () =>
    bench.github.model.all('Repository').find(({ nameWithOwner }) => nameWithOwner === REPOSITORY)?.id ?? '';
  const factsOf = (branch: string, token = WRITER) =>
    readBranchFacts(repositoryId(), branch, {
      run: bench.run,
      readBlockingRules: (repository, of) =>
        readBlockingRules({ apiUrl: bench.github.apiUrl, repository, branch: of }, token),
    });

  it('tells a protected branch, one that is free, and one that is not there', async () => {
    const free = { isArchived: false, defaultBranch: 'main', isProtected: false, blockingRules: [] };
    expect(await factsOf('level')).to.deep.equal({ ...free, isProtected: true });
    expect(await factsOf('main')).to.deep.equal(free);
    expect(await factsOf('nothing')).to.deep.equal(free);
  });

  it('tells the rules that would refuse the push, except for who may bypass them', async () => {
    expect((await factsOf('feature')).blockingRules).to.deep.equal(['required_signatures', 'required_status_checks']);
    expect((await factsOf('feature', BOSS)).blockingRules).to.deep.equal([]);
  });

  it('tells linked branches of those issues that have one', async () => {
    const ids = bench.github.model.all('Issue').map(({ id }) => id);
    expect([...(await readLinkedBranches(ids, bench.run)).values()]).to.include('feature');
  });

  it('is refused with GitHub’s reason', async () => {
    expect((await failureOf(factsOf('feature', 'wrong'))).name).to.equal('AuthenticationFailed');
    const { apiUrl } = bench.github;
    const error = await failureOf(readBlockingRules({ apiUrl, repository: 'acme/nothing', branch: 'x' }, WRITER));
    expect(error.name).to.equal('NotFound');
  });

  it('leaves to the push what a ruleset that may not be seen would say', async () => {
    const answers: Record<string, readonly [number, unknown]> = {
      '/repos/a/b/rules/branches/x': [
        200,
        [
          { type: 'update', ruleset_id: 1 },
          { type: 'pull_request', ruleset_id: 2 },
          { type: 'workflows' },
          { type: 'constructor', ruleset_id: 1 },
        ],
      ],
      '/repos/a/b/rulesets/1': [404, { message: 'Not Found' }],
      '/repos/a/b/rulesets/2': [200, { id: 2 }],
    };
    const server = createServer((request, response) => {
      const [status, body] = answers[request.url ?? ''] ?? [500, {}];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const rules = await readBlockingRules({ apiUrl, repository: 'a/b', branch: 'x' }, 't');
    server.close();
    expect(rules).to.deep.equal(['update', 'pull_request', 'workflows'].map((type) => ({ type, mayBypass: null })));
  });
});
