import { isUtf8 } from 'node:buffer';
import { BindingData } from '../bindings/binding-data.ts';
import { dateTimeOffsetText, MAX_DATE_TIME_OFFSET } from '../bindings/dotnet-text.ts';
import type { HostFunction } from '../function-table.ts';
import type { QueueTrigger } from '../trigger.ts';
import type { Occasion } from '../invoker.ts';
import type { QueueMessage } from './queue-source.ts';

type QueueFunction = HostFunction & { readonly trigger: QueueTrigger };

/** What a queue function gets for a message whose body is decoded. */
export function messageOccasion({ trigger }: QueueFunction, message: QueueMessage, body: Buffer): Occasion {
  const text = body.toString('utf8');
  const bindingData = new BindingData();
  if (isUtf8(body)) bindingData.setText('QueueTrigger', text);
  bindingData
    .setJson('DequeueCount', message.dequeueCount)
    .setJson('ExpirationTime', dateTimeOffsetText(message.expiresOn))
    .setText('Id', message.id)
    .setJson('InsertionTime', dateTimeOffsetText(message.insertedOn))
    .setJson('NextVisibleTime', dateTimeOffsetText(message.nextVisibleOn))
    .setText('PopReceipt', message.popReceipt);
  return {
    reason: `New queue message detected on '${trigger.queueName}'.`,
    input: trigger.asBytes ? { bytes: body } : { string: text },
    bindingData: trigger.asBytes ? bindingData : bindingData.applyJsonBody(text),
  };
}

/** What a queue function gets when it is run by hand: a message that never was in the queue. */
export function manualQueueOccasion({ trigger }: QueueFunction, text: string, now: number): Occasion {
  return {
    reason: 'This function was programmatically called via the host APIs.',
    input: trigger.asBytes ? { bytes: Buffer.from(text) } : { string: text },
    bindingData: new BindingData()
      .setText('QueueTrigger', text)
      .setJson('DequeueCount', 0)
      .setJson('ExpirationTime', MAX_DATE_TIME_OFFSET)
      .setJson('InsertionTime', dateTimeOffsetText(now))
      .setJson('NextVisibleTime', MAX_DATE_TIME_OFFSET)
      .applyJsonBody(trigger.asBytes ? '' : text),
  };
}

/** The bytes of a body; undefined when it must be Base64 and is not. */
export function decodeBody(text: string, encoding: 'base64' | 'none'): Buffer | undefined {
  if (encoding === 'none') return Buffer.from(text, 'utf8');
  const compact = text.replace(/\s/g, '');
  if (!/^(?:[\w+/]{4})*(?:[\w+/]{2}==|[\w+/]{3}=)?$/.test(compact) || compact.includes('_')) return undefined;
  return Buffer.from(compact, 'base64');
}
