import { tmpdir } from 'node:os';
import { expect } from 'chai';
import { createUserGit } from '../../../local/repository/user-git';

describe('createUserGit', () => {
  it('runs git as the person has set it up, but for the key of the agent, which is none of its business', async () => {
    const env = { PATH: process.env.PATH, HOME: tmpdir(), PERSONAL: 'kept', KIRO_API_KEY: 'ksk_0123456789' };
    const git = createUserGit(env, null, new AbortController().signal);
    const { stdout } = await git(tmpdir(), ['-c', 'alias.show-all=!env', 'show-all']);
    expect(stdout).to.contain('PERSONAL=kept').and.not.to.contain('KIRO_API_KEY');
  });
});
