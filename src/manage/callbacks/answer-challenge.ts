import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../problem.ts';

const longestChallenge = 1000;

/**
 * The question that the WhatsApp Cloud API asks once of an address: hub.mode, hub.verify_token and hub.challenge, which is
 * to be sent back.
 */
export function answerChallenge(request: Request, verifyToken: string | null): Response {
  const { searchParams } = new URL(request.url);
  const challenge = searchParams.get('hub.challenge') ?? '';
  if (searchParams.get('hub.mode') !== 'subscribe' || challenge === '' || challenge.length > longestChallenge)
    throw new Problem(
      'invalid_request',
      'News are sent with POST. GET is for hub.mode=subscribe with hub.verify_token and hub.challenge.',
    );
  if (verifyToken === null)
    throw new Problem(
      'callbacks_off',
      'WHATSAPP_VERIFY_TOKEN is not set, so that nobody can subscribe here.',
    );
  if (!equal(searchParams.get('hub.verify_token') ?? '', verifyToken))
    throw new Problem('callback_verification', 'hub.verify_token is not the one of WHATSAPP_VERIFY_TOKEN.');
  return new Response(challenge, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  });
}

/** Without telling by the time it takes how far they are the same. */
function equal(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}
