import { describe, expect, test } from 'vitest';
import { decodeBody, manualQueueOccasion, messageOccasion } from '../../../dev/host/queue/queue-occasion.ts';
import { aFunction } from '../../support/host-functions.ts';

const worker = aFunction('work', {
  kind: 'queue',
  queueName: 'jobs',
  connection: { kind: 'string', connectionString: 'unused' },
  asBytes: false,
});

const message = {
  id: 'm-1',
  popReceipt: 'receipt',
  text: '',
  dequeueCount: 2,
  insertedOn: Date.parse('2026-03-02T12:00:00Z'),
  expiresOn: Date.parse('2026-03-09T12:00:00Z'),
  nextVisibleOn: Date.parse('2026-03-02T12:10:00Z'),
};

function metadataOf(body: string) {
  return messageOccasion(worker, message, Buffer.from(body)).bindingData.toTriggerMetadata();
}

describe('the trigger metadata of a message', () => {
  test('hold what the queue knows of it', () => {
    expect(metadataOf('plain')).toEqual({
      QueueTrigger: { string: 'plain' },
      DequeueCount: { json: '2' },
      ExpirationTime: { json: '"2026-03-09T12:00:00+00:00"' },
      Id: { string: 'm-1' },
      InsertionTime: { json: '"2026-03-02T12:00:00+00:00"' },
      NextVisibleTime: { json: '"2026-03-02T12:10:00+00:00"' },
      PopReceipt: { string: 'receipt' },
    });
  });

  test('are overwritten by the properties of a JSON body, whatever their case', () => {
    expect(metadataOf('{"id":7,"DEQUEUECOUNT":99,"own":{"a":1}}')).toMatchObject({
      Id: { string: '7' },
      DequeueCount: { string: '99' },
      own: { json: '{"a":1}' },
    });
  });

  test('leave out arrays and nulls, and write scalars as .NET does', () => {
    const body = '{"list":[1],"none":null,"yes":true,"big":1e21,"at":"2026-03-02T14:30:00+02:00"}';
    const { list, none, yes, big, at } = metadataOf(body);
    expect([list, none]).toEqual([undefined, undefined]);
    expect([yes, big, at]).toEqual([
      { string: 'True' },
      { string: '1E+21' },
      { string: '03/02/2026 12:30:00' },
    ]);
  });

  test.each(['[{"id":1}]', '{"id":1', '"id"', ''])('stay as they are for the body %s', (body) => {
    expect(metadataOf(body)).toMatchObject({ Id: { string: 'm-1' } });
  });

  test('leave out a body that is no text', () => {
    const { bindingData } = messageOccasion(worker, message, Buffer.from([255, 254]));
    expect(bindingData.has('QueueTrigger')).toBe(false);
  });

  test('of a run by hand have no id and no receipt, and a dequeue count of 0', () => {
    const now = Date.parse('2026-03-02T12:00:00.250Z');
    const metadata = manualQueueOccasion(worker, 'hi', now).bindingData.toTriggerMetadata();
    expect(metadata).toEqual({
      QueueTrigger: { string: 'hi' },
      DequeueCount: { json: '0' },
      ExpirationTime: { json: '"9999-12-31T23:59:59.9999999+00:00"' },
      InsertionTime: { json: '"2026-03-02T12:00:00.25+00:00"' },
      NextVisibleTime: { json: '"9999-12-31T23:59:59.9999999+00:00"' },
    });
  });
});

describe('a message body', () => {
  test('in Base64 is decoded', () => expect(decodeBody('w7Eh', 'base64')?.toString()).toBe('ñ!'));
  test('may be empty', () => expect(decodeBody('', 'base64')?.toString()).toBe(''));
  test('without encoding is taken as it is', () =>
    expect(decodeBody('w7Eh', 'none')?.toString()).toBe('w7Eh'));

  test.each(['{"a":1}', 'abc', 'ab_d', 'a==='])('%s is no Base64', (text) => {
    expect(decodeBody(text, 'base64')).toBeUndefined();
  });
});
