import { parseMachineArn } from './arns';
import { apiError } from './failures';
import type { Route } from './records';

/** The rules of AWS for the routing configuration of an alias. @throws ValidationException */
export const checkRoutes = (routes: readonly Route[]): void => {
  const arns = routes.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  const refuse = (message: string): never => {
    throw apiError('ValidationException', message);
  };
  if (routes.length < 1 || routes.length > 2)
    refuse('Routing configuration must contain one or two state machine version ARNs.');
  if (arns.some((arn) => !/^\d+$/.test(parseMachineArn(arn).qualifier ?? ''))) {
    refuse(`Routing configuration must contain state machine version ARNs. Received: [${arns.join(', ')}]`);
  }
  if (new Set(arns).size < arns.length) {
    refuse(`Routing configuration must contain distinct state machine version ARNs. Received: [${arns.join(', ')}]`);
  }
  const weights = routes.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
    refuse(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`);
  }
};

/** The version that an execution on the alias runs; `chance` is in [0, 1). */
export const chooseRoute = (routes: readonly Route[], chance: number): Route => {
  const [first, second] = routes as [Route, Route?];
  return second && chance * 100 >= first.weight ? second : first;
};
