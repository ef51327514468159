/** What can be wrong with a request to the manage API. docs/errors.md has a line for each, and a test proves it complete. */
export const problems = {
  invalid_request: { status: 400, meaning: 'A parameter or the body of the request cannot be read.' },
  unsupported_body: { status: 415, meaning: 'The body of the request is not said to be JSON.' },
  unknown_path: { status: 404, meaning: 'The manage API has no such path.' },
  wrong_method: { status: 405, meaning: 'The manage API has this path, but not with this method.' },
  unknown_alert: { status: 404, meaning: 'There is no alert with this code.' },
  unknown_tenant: { status: 404, meaning: 'There is no tenant with this code.' },
  unknown_channel: { status: 404, meaning: 'There is no channel with this code.' },
  unknown_fault: { status: 404, meaning: 'There is no fault with this number.' },
  fault_reported: { status: 409, meaning: 'The administrators have been told of the fault already.' },
  mail_off: { status: 409, meaning: 'A setting of the mail has no value.' },
  unknown_execution: { status: 404, meaning: 'There is no execution with this number.' },
  alert_invalid: {
    status: 409,
    meaning: 'The row of the alert cannot be read, so that it has no occurrences.',
  },
  callbacks_off: { status: 503, meaning: 'No secret is set for call-backs of this kind.' },
  callback_unsigned: {
    status: 401,
    meaning: 'The call-back is not signed with a secret that is known here.',
  },
  callback_verification: { status: 403, meaning: 'The token of the subscription is another one.' },
  body_too_large: { status: 413, meaning: 'The body is larger than this call takes.' },
  callback_not_stored: { status: 503, meaning: 'The news could not be stored now. The log has the reason.' },
  alert_inactive: { status: 409, meaning: 'The alert is inactive: nothing of it goes out.' },
  tenant_inactive: { status: 409, meaning: 'The tenant is inactive: nothing of it goes out.' },
  alert_paused: { status: 409, meaning: 'A pause holds the alert back.' },
  under_way: { status: 409, meaning: 'Another execution of the alert has not yet reached its recipients.' },
  key_reused: { status: 422, meaning: 'The Idempotency-Key was used with another request.' },
  foreign_execution: { status: 409, meaning: 'The execution was written by the system before Vigía.' },
  execution_open: { status: 409, meaning: 'The execution has not ended yet.' },
  execution_finished: { status: 409, meaning: 'The execution has ended already.' },
  call_under_way: { status: 409, meaning: 'The webhook is being called for the execution just now.' },
  nothing_to_resend: { status: 409, meaning: 'Nobody is left whom the execution could be sent to again.' },
  already_resent: { status: 409, meaning: 'The execution was sent again before.' },
  control_database_unavailable: {
    status: 503,
    meaning: 'The control database is away or busy, or not fit to be used.',
  },
  internal: { status: 500, meaning: 'The request failed for a reason that is ours. The log has it.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ProblemCode = keyof typeof problems;

/** One value of a request that cannot be used. */
export interface InvalidValue {
  /** Where it stands: `query.from`, `path.code`, `body.persons.0`. */
  at: string;
  message: string;
}

/** Ends a request with a problem document. `detail` says what to do. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly values: readonly InvalidValue[];

  constructor(code: ProblemCode, detail: string, values: readonly InvalidValue[] = []) {
    super(detail);
    this.code = code;
    this.values = values;
  }
}

/** RFC 9457, with our code and the values that are wrong. */
export function problemDocument({ code, message, values }: Problem) {
  const { status, meaning } = problems[code];
  return {
    type: `urn:vigia:problem:${code}`,
    title: meaning,
    status,
    detail: message,
    code,
    ...(values.length > 0 && { values }),
  };
}
