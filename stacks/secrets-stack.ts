import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';
import { BoardSettingsParameter } from './constructs/board-settings-parameter';
import { CreditBudgetParameter } from './constructs/credit-budget-parameter';
import { SecretContainer } from './constructs/secret-container';
import { EnvironmentStack } from './environment-stack';

/** Where secrets and settings will be; people write the values. */
export class SecretsStack extends EnvironmentStack<'secrets'> {
  private readonly keyArn = this.upstream('core')('key_arn');
  private readonly githubToken = new SecretContainer(this, 'github-token', {
    secret: 'github-token',
    description: 'Reads and writes the board, issues and pull requests',
    keyArn: this.keyArn,
  });
  private readonly gitCredentials = new SecretContainer(this, 'git-credentials', {
    secret: 'git-credentials',
    description: 'Fetches and pushes feature branches',
    keyArn: this.keyArn,
  });
  private readonly kiroApiKey = new SecretContainer(this, 'kiro-api-key', {
    secret: 'kiro-api-key',
    description: 'The key of the Kiro CLI; only its process gets it',
    keyArn: this.keyArn,
  });
  private readonly creditBudget = new CreditBudgetParameter(this, 'credit-budget');
  private readonly boardSettings = new BoardSettingsParameter(this, 'board-settings');

  constructor(scope: Construct, environment: Environment) {
    super(scope, 'secrets', environment);
    this.exports({
      github_token_secret_arn: this.githubToken.arn,
      git_credentials_secret_arn: this.gitCredentials.arn,
      kiro_api_key_secret_arn: this.kiroApiKey.arn,
      board_settings_parameter: this.boardSettings.name,
      credit_budget_parameter: this.creditBudget.name,
    });
  }
}
