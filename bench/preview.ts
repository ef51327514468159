import { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { createVigia, type Vigia } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { localSettings } from '../dev/services/local-settings.ts';
import { atMost, information, quantile, type Figure } from './figure.ts';
import { openSendingWorld, type SendingWorld } from './sending-world.ts';

const recipients = 100;
const rounds = 15;
const warmUp = 3;
const alert = 'PREVIA';

/** A preview of an alert against its dispatch, in turns, in this process; the gateway answers at once. */
export async function measurePreview(): Promise<Figure[]> {
  await using world = await openSendingWorld({
    tenants: 1,
    hosts: 'one',
    profiles: [recipients],
    receiverDelayMs: 0,
  });
  await planAlert(world);
  const settings = { ...localSettings(world.ports), WEBHOOK_ALLOWED_HOSTS: '127.0.0.1' };
  const vigia = createVigia(loadConfig(settings), { write: () => undefined, environment: settings });
  try {
    const times = { preview: [] as number[], dispatch: [] as number[] };
    for (let round = 0; round < warmUp + rounds; round++) {
      const previewMs = await timeOf(async () => await preview(vigia));
      const executionId = await run(vigia);
      const dispatchMs = await timeOf(async () => await vigia.dispatchAlert({ executionId }));
      if (round < warmUp) continue;
      times.preview.push(previewMs);
      times.dispatch.push(dispatchMs);
    }
    await requireSent(world);
    const [ofPreview, ofDispatch] = [quantile(times.preview, 0.5), quantile(times.dispatch, 0.5)];
    return [
      information(`preview of an alert with ${recipients} recipients`, ofPreview, 'ms'),
      information('its dispatch, gateway that answers at once', ofDispatch, 'ms'),
      atMost('preview / dispatch', ofPreview / ofDispatch, '', 1),
    ];
  } finally {
    await vigia.close();
  }
}

async function preview(vigia: Vigia): Promise<void> {
  shown.parse(await ask(vigia, 'preview', { limit: recipients }));
}

/** The number of a new execution; no host is there to take its message. */
async function run(vigia: Vigia): Promise<number> {
  return made.parse(await ask(vigia, 'run', {})).id;
}

const shown = z.object({ deliveries: z.array(z.object({ outcome: z.string() })).length(recipients) });
const made = z.object({ id: z.int() });

async function ask(vigia: Vigia, what: string, body: unknown): Promise<unknown> {
  const { status = 0, body: answer } = await vigia.manage(
    new HttpRequest({
      method: 'POST',
      url: `http://127.0.0.1/api/manage/alerts/${alert}/${what}`,
      headers: { 'content-type': 'application/json' },
      body: { string: JSON.stringify(body) },
    }),
  );
  const text = Buffer.isBuffer(answer) ? answer.toString() : '';
  if (status >= 300) throw new Error(`POST ${what} answered ${status}: ${text}`);
  return JSON.parse(text);
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function planAlert({ control }: SendingWorld): Promise<void> {
  await control
    .insertInto('CT_Alertas_Config')
    .values({
      cfg_Cod: alert,
      cfg_TipoDisparo: 'PUNTUAL',
      cfg_FechasPuntuales: '2099-01-01 09:00',
      cfgtip_Cod: 'E00000',
      cfgcan_Cod: '0002',
      cfgemp_Cod: 'E00000',
      cfgprf_Cod: `P${recipients}`,
    })
    .execute();
}

async function requireSent({ control }: SendingWorld): Promise<void> {
  const states = await control.selectFrom('CT_Scheduler_Alertas').select('sch_Estado').distinct().execute();
  if (states.length !== 1 || states[0]?.sch_Estado !== 'ENVIADA')
    throw new Error(`Executions ended as ${states.map(({ sch_Estado }) => sch_Estado).join(', ')}.`);
}
