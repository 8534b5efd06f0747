import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import { defaultCreditBudget } from '../../domain/credit-budget';
import { environmentStackOf } from '../environment-stack';

/** What may be spent. People own the value once it is there: Terraform never sets it back. */
export class CreditBudgetParameter extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.name = environmentStackOf(this).names.creditBudgetParameter;
    new SsmParameter(this, 'parameter', {
      name: this.name,
      description: 'Credits per item and per day, and when to stop (docs/guides/budgets.md)',
      type: 'String', // nothing secret is in it
      value: JSON.stringify(defaultCreditBudget),
      lifecycle: { ignoreChanges: ['value'] },
    });
  }
}
