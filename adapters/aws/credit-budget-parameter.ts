import { SSMProvider } from '@aws-lambda-powertools/parameters/ssm';
import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { type CreditBudget, defaultCreditBudget, parseCreditBudget } from '../../domain/credit-budget';
import { translateAwsError } from './translate-aws-error';

/** Seconds after which a function sees a changed budget, at the latest. */
export const BUDGET_SECONDS = 300;

const isAbsent = (error: unknown): boolean => (error as Error).name === 'ParameterNotFound';

/** Powertools wraps what the SDK raised. */
const causeOf = (error: unknown): unknown => (error as { readonly cause?: unknown }).cause ?? error;

/** The budget as a function reads it: cached. An environment without the parameter (an older release made it) has the defaults. */
export const cachedCreditBudget = ({ parameter }: { readonly parameter: string }): (() => Promise<CreditBudget>) => {
  const provider = new SSMProvider();
  return async () => {
    try {
      return parseCreditBudget((await provider.get(parameter, { maxAge: BUDGET_SECONDS })) ?? '', parameter);
    } catch (error) {
      if (isAbsent(causeOf(error))) return defaultCreditBudget;
      throw translateAwsError(causeOf(error), `read the parameter ${parameter}`);
    }
  };
};

/** The budget as an operator reads and writes it. */
export const creditBudgetParameter = (
  { parameter }: { readonly parameter: string },
  { client }: { readonly client: Pick<SSMClient, 'send'> },
): { readonly read: () => Promise<CreditBudget>; readonly write: (budget: CreditBudget) => Promise<void> } => ({
  read: async () => {
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: parameter }));
      return parseCreditBudget(Parameter?.Value ?? '', parameter);
    } catch (error) {
      if (isAbsent(error)) return defaultCreditBudget;
      throw translateAwsError(error, `read the parameter ${parameter}`);
    }
  },
  write: async (budget) => {
    const Value = JSON.stringify(budget);
    try {
      await client.send(new PutParameterCommand({ Name: parameter, Value, Type: 'String', Overwrite: true }));
    } catch (error) {
      throw translateAwsError(error, `write the parameter ${parameter}`);
    }
  },
});
