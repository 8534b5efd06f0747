import type { IntegrationCall, Integrations } from '../asl/strand';
import type { Sqs } from '../aws/sqs';
import type { Builds } from '../codebuild/builds';
import type { Lambda } from '../lambda/lambda';
import { invokeFunction } from './invoke-function';
import { runBuild } from './run-build';
import { sendMessage } from './send-message';
import { unsupported } from './service-failure';

type Deps = { readonly lambda: Pick<Lambda, 'invoke'>; readonly builds: Builds; readonly queue: Pick<Sqs, 'send'> };

/** `states/` and the machine, as CodeBuild names who has started a build. */
const initiatorOf = ({ context }: IntegrationCall): string => {
  const { StateMachine } = context as { readonly StateMachine?: { readonly Name?: string } };
  return `states/${StateMachine?.Name ?? 'unknown'}`;
};

/** The service integrations of Step Functions that the product's state machine uses. Any other one fails loudly. */
export const createIntegrations =
  ({ lambda, builds, queue }: Deps): Integrations =>
  async (call) => {
    switch (call.resource) {
      case 'arn:aws:states:::lambda:invoke':
        return invokeFunction(call.arguments, lambda);
      case 'arn:aws:states:::codebuild:startBuild.sync':
        return runBuild({ ...call, initiator: initiatorOf(call) }, builds);
      case 'arn:aws:states:::sqs:sendMessage':
        return sendMessage(call.arguments, queue);
      default:
        throw unsupported(`The resource ${call.resource} is not emulated on this machine.`);
    }
  };
