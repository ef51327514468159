import { sql } from 'kysely';
import { request } from 'undici';
import { openControlDatabase } from '../src/adapters/mssql/control-database.ts';
import type { SendingWorld } from './sending-world.ts';

interface Recipient {
  Tper_Cod: string;
  Tper_Nombre: string;
  Tcon_Email: string;
}

/**
 * The work of that many alerts as a scheduler does it that takes one alert after the other, and one recipient after the
 * other: connect to the company, look up, query, then POST and INSERT for each recipient. Gives its milliseconds.
 */
export async function sendOneByOne(world: SendingWorld, alerts: number, tenants: number): Promise<number> {
  const began = performance.now();
  for (let alert = 0; alert < alerts; alert++) await sendAlert(world, alert % tenants);
  return performance.now() - began;
}

async function sendAlert(world: SendingWorld, tenant: number): Promise<void> {
  const { control, receiver } = world;
  await using erp = openControlDatabase({ connection: world.erpConnection(tenant) });
  const { rows: recipients } = await sql<Recipient>`
    SELECT p.Tper_Cod, p.Tper_Nombre, c.Tcon_Email FROM TgeCTRel_Persona_Perfil r
    JOIN TgeCTPersonas p ON p.Tper_Cod = r.Trelper_Cod JOIN TgeCTContactos c ON c.Tconper_Cod = p.Tper_Cod`.execute(
    erp,
  );
  const { rows } = await sql`SELECT * FROM VtaFacturas ORDER BY fac_Vencimiento`.execute(erp);
  for (const { Tper_Cod, Tper_Nombre, Tcon_Email } of recipients) {
    const body = JSON.stringify({
      alerta: 'SEQ',
      codigo: Tper_Cod,
      nombre: Tper_Nombre,
      mail: Tcon_Email,
      rows,
    });
    const headers = { 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${receiver.ports[tenant]}/email`;
    const answer = await request(url, { method: 'POST', headers, body });
    await answer.body.dump();
    await sql`INSERT INTO CT_Alertas_Mensajes (msgcfg_Cod, msgbej_Tel, msg_Estado, msg_FechaEnvio)
      VALUES ('SEQ', ${Tcon_Email.slice(0, 50)}, 'ENVIADO', GETDATE())`.execute(control);
  }
  await sql`INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Fecha, sch_FechaIntento, sch_Estado, sch_CantMensajes)
    VALUES ('SEQ', GETDATE(), GETDATE(), 'ENVIADA', ${recipients.length})`.execute(control);
}
