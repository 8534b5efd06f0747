import { aliasOperations } from './api/alias-operations';
import { executionOperations } from './api/execution-operations';
import { listOperations } from './api/list-operations';
import { machineOperations } from './api/machine-operations';
import type { Operation } from './api/operation';
import type { Engine } from './engine';
import { apiError } from './failures';

/** Serves one operation of the Step Functions API. Throws errors whose `name` is the exception that AWS models. */
export type StatesApi = (operation: string, input: unknown) => Promise<unknown>;

/** The Step Functions API on an engine. Inputs and outputs have the shapes of the SDK's commands; dates are Dates. */
export const createStatesApi = (engine: Engine): StatesApi => {
  const operations: Readonly<Record<string, Operation>> = {
    ...executionOperations(engine),
    ...listOperations(engine),
    ...machineOperations(engine),
    ...aliasOperations(engine),
  };
  return async (name, input) => {
    const found = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!found)
      throw apiError(
        'UnknownOperationException',
        `The local Step Functions engine does not have the operation ${name}.`,
      );
    return found(input);
  };
};
