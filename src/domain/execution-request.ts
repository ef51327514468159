import { z } from 'zod';
import { jsonOf } from '../core/json-of.ts';

/** sch_Pedido: what an operator asked for, as far as dispatch needs it, and who it was. */
const schema = z.strictObject({
  /** Who asked. */
  by: z.string(),
  /** Of the recipients these alone. */
  persons: z.array(z.string()).readonly().exactOptional(),
  /** So many recipients are meant, whatever cfg_MaxDestinatarios says. */
  confirmRecipients: z.int().exactOptional(),
  /** Of a trial: one message, to this phone number (E.164) or mail address instead of the recipient's own. */
  destination: z.string().exactOptional(),
  /** ISO 8601 with offset: the occurrence that the message is of, where that is not the execution's own. */
  occurrence: z.string().exactOptional(),
  /** Of a resend: also to those who have got it. */
  everyone: z.literal(true).exactOptional(),
});

export type ExecutionRequest = Readonly<z.output<typeof schema>>;

/** Null: the text is not one that Vigía has written. */
export function parseExecutionRequest(text: string): ExecutionRequest | null {
  return schema.safeParse(jsonOf(text)).data ?? null;
}
