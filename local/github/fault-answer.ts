import type { Fault } from './faults';
import type { Answer } from './http-answer';

const LIMITS_PAGE = 'https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api';

const secondary =
  'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.';

const retryAfter = (seconds: number | undefined): Readonly<Record<string, string>> =>
  seconds === undefined ? {} : { 'retry-after': String(seconds) };

/** GitHub's words when the points of the hour are used up. */
export const rateLimitedBody = (login: string): object => ({
  errors: [
    {
      type: 'RATE_LIMITED',
      code: 'graphql_rate_limit',
      message: `API rate limit already exceeded for user ID ${login}.`,
    },
  ],
});

/** The answer that a fault gives in place of the real one; null for one that changes no answer. */
export const faultAnswer = (fault: Fault, login: string): Answer | null => {
  switch (fault.kind) {
    case 'rate-limit': {
      const headers = { 'x-ratelimit-remaining': '0', ...retryAfter(fault.retryAfterSeconds) };
      if (fault.status === 200) return { status: 200, headers, body: rateLimitedBody(login) };
      const message = `API rate limit exceeded for user ID ${login}.`;
      const waiting = { 'retry-after': '60', ...headers };
      return { status: 403, headers: waiting, body: { message, documentation_url: LIMITS_PAGE } };
    }
    case 'secondary-limit': {
      const body = { message: secondary, documentation_url: `${LIMITS_PAGE}#secondary-rate-limits` };
      return { status: fault.status, headers: retryAfter(fault.retryAfterSeconds ?? 60), body };
    }
    case 'unavailable': {
      if (fault.status === 504) {
        const message =
          "We couldn't respond to your request in time. Sorry about that. Please try resubmitting your request and contact us if the problem persists.";
        return { status: 504, body: { message } };
      }
      return {
        status: 502,
        body: {
          data: null,
          errors: [
            {
              message:
                'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.',
            },
          ],
        },
      };
    }
    case 'connection-reset':
    case 'latency':
    case 'unseen-write':
      return null;
  }
};
