import { sameCode } from '../../domain/same-code.ts';
import type {
  AlertInUse,
  StoredConfiguration,
  StoredQuery,
  StoredTemplate,
  StoredWebhook,
} from './stored-configuration.ts';

/** What an alert is sent by. */
type Kind = Pick<AlertInUse, 'type' | 'channel'>;

export function chosenQuery(
  { type }: Kind,
  { queries }: Pick<StoredConfiguration, 'queries'>,
): StoredQuery | undefined {
  return queries.find(({ qrytip_Cod }) => isSame(qrytip_Cod, type));
}

export function chosenTemplate(
  kind: Kind,
  { templates }: Pick<StoredConfiguration, 'templates'>,
): StoredTemplate | undefined {
  return mostSpecific(templates, (row) => [row.platip_Cod, row.placan_Cod], kind);
}

export function chosenWebhook(
  kind: Kind,
  { webhooks }: Pick<StoredConfiguration, 'webhooks'>,
): StoredWebhook | undefined {
  return mostSpecific(webhooks, (row) => [row.whktip_Cod, row.whkcan_Cod], kind);
}

/** That of type and channel before that of the type alone; of several the lowest code. */
function mostSpecific<Row>(
  rows: readonly Row[],
  keysOf: (row: Row) => readonly [string | null, string | null],
  { type, channel }: Kind,
): Row | undefined {
  const ofType = rows.filter((row) => isSame(keysOf(row)[0], type));
  return (
    ofType.find((row) => isSame(keysOf(row)[1], channel)) ?? ofType.find((row) => keysOf(row)[1] === null)
  );
}

function isSame(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && sameCode(one) === sameCode(other);
}
