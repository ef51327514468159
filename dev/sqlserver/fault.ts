import { z } from 'zod';

/** Text that the statement contains, or a regular expression that it matches; case never counts. */
const Statement = z.union([
  z.string().min(1),
  z.strictObject({ matches: z.string().min(1).refine(isExpression, 'is no regular expression') }),
]);
const positive = z.int().min(1);
const count = positive.optional();
/** Strikes only on connections that log in to it, or have. */
const database = z.string().optional();
const answer = { message: z.string().optional(), severity: z.int().min(11).max(25).optional() };
const atStatement = { statement: Statement, database, count };

/**
 * A fault on demand. `count` = how many times it strikes; absent = until cleared. A statement is a batch, the text of a
 * parameterised or prepared statement, or BEGIN, COMMIT, ROLLBACK or SAVE TRANSACTION for the driver's own requests.
 */
export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refuse-login'),
    user: z.string().optional(),
    number: positive.optional(),
    ...answer,
    database,
    count,
  }),
  /** Breaks the connection: before the statement runs, or after it has and before the client learns of it. */
  z.strictObject({ kind: z.literal('drop'), when: z.enum(['before', 'after']), ...atStatement }),
  z.strictObject({ kind: z.literal('delay'), milliseconds: z.int().min(0), ...atStatement }),
  /** Answers with an error and does not run the statement; 1205 also rolls the transaction back. */
  z.strictObject({ kind: z.literal('fail'), number: positive, ...answer, ...atStatement }),
  /** Never answers the statement, nor anything after it on its connection. */
  z.strictObject({ kind: z.literal('silence'), ...atStatement }),
  /** Accepts connections and says nothing at all. */
  z.strictObject({ kind: z.literal('mute'), count }),
]);
export type Fault = z.infer<typeof Fault>;

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
