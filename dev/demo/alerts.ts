import type { Temporal } from 'temporal-polyfill';

/** A row of CT_Alertas_Config; whatever is left out is NULL. */
export interface DemoAlert {
  cfg_Cod: string;
  cfg_Nombre: string;
  cfg_TipoDisparo: 'PERIODICO' | 'PUNTUAL';
  cfg_Frecuencia?: 'DIARIO' | 'SEMANAL' | 'MENSUAL' | 'ANUAL';
  cfg_HoraEnvio?: string;
  cfg_FechasPuntuales?: string;
  cfg_DiasSemana?: string;
  cfg_DiasMes?: string;
  cfg_Meses?: string;
  cfg_RecuperacionMin?: number;
  cfgtip_Cod: string;
  cfgcan_Cod: '0001' | '0002' | '0003';
  cfgemp_Cod: string;
  cfgper_Cod?: string;
  cfgprf_Cod?: string;
}

/** One alert of every kind, due within the first two minutes after `now` (local time), the listed ones then again and again. */
export function demoAlerts(now: Temporal.PlainDateTime): DemoAlert[] {
  const after = (seconds: number) => now.add({ seconds });
  const hour = (at: Temporal.PlainDateTime) => at.toPlainTime().toString({ smallestUnit: 'second' });
  const every = (minutes: number, first: number) =>
    Array.from({ length: Math.floor(1_440 / minutes) }, (_, index) => after(first + index * minutes * 60))
      .map((at) => at.toString({ smallestUnit: 'second' }).replace('T', ' '))
      .join(', ');
  const [daily, weekly, monthly, yearly] = [after(20), after(26), after(32), after(38)];
  return [
    {
      cfg_Cod: '000001',
      cfg_Nombre: 'Facturas por vencer',
      cfg_TipoDisparo: 'PERIODICO',
      cfg_Frecuencia: 'DIARIO',
      cfg_HoraEnvio: hour(daily),
      cfgtip_Cod: 'FACVEN',
      cfgcan_Cod: '0001',
      cfgemp_Cod: 'FERRE',
      cfgper_Cod: 'P001',
    },
    {
      cfg_Cod: '000002',
      cfg_Nombre: 'Stock bajo el mínimo',
      cfg_TipoDisparo: 'PERIODICO',
      cfg_Frecuencia: 'SEMANAL',
      cfg_DiasSemana: String(weekly.dayOfWeek),
      cfg_HoraEnvio: hour(weekly),
      cfgtip_Cod: 'STOCK',
      cfgcan_Cod: '0002',
      cfgemp_Cod: 'FERRE',
      cfgprf_Cod: 'COMPR',
    },
    {
      cfg_Cod: '000003',
      cfg_Nombre: 'Cheques que vencen',
      cfg_TipoDisparo: 'PERIODICO',
      cfg_Frecuencia: 'MENSUAL',
      cfg_DiasMes: String(monthly.day),
      cfg_HoraEnvio: hour(monthly),
      cfgtip_Cod: 'CHEQUE',
      cfgcan_Cod: '0001',
      cfgemp_Cod: 'ANDINA',
      cfgprf_Cod: 'TESOR',
    },
    {
      cfg_Cod: '000004',
      cfg_Nombre: 'Renovación anual del seguro',
      cfg_TipoDisparo: 'PERIODICO',
      cfg_Frecuencia: 'ANUAL',
      cfg_DiasMes: String(yearly.day),
      cfg_Meses: String(yearly.month),
      cfg_HoraEnvio: hour(yearly),
      cfgtip_Cod: 'SEGURO',
      cfgcan_Cod: '0003',
      cfgemp_Cod: 'ANDINA',
      cfgper_Cod: 'P010',
    },
    {
      cfg_Cod: '000005',
      cfg_Nombre: 'Facturas vencidas',
      cfg_TipoDisparo: 'PUNTUAL',
      cfg_FechasPuntuales: every(2, 12),
      cfgtip_Cod: 'FACMOR',
      cfgcan_Cod: '0001',
      cfgemp_Cod: 'FERRE',
      cfgprf_Cod: 'COBR',
    },
    {
      cfg_Cod: '000006',
      cfg_Nombre: 'Aviso a un servicio dado de baja',
      cfg_TipoDisparo: 'PUNTUAL',
      cfg_FechasPuntuales: every(10, 44),
      cfgtip_Cod: 'BAJA',
      cfgcan_Cod: '0002',
      cfgemp_Cod: 'ANDINA',
      cfgper_Cod: 'P011',
    },
    {
      cfg_Cod: '000007',
      cfg_Nombre: 'Turnos de mañana',
      cfg_TipoDisparo: 'PUNTUAL',
      cfg_FechasPuntuales: every(15, 50),
      cfg_RecuperacionMin: 2,
      cfgtip_Cod: 'TURNO',
      cfgcan_Cod: '0001',
      cfgemp_Cod: 'AUSTR',
      cfgprf_Cod: 'RECEP',
    },
  ];
}

/** Type, webhook path, query and template of each; the gateways are those of the local webhook receiver. */
export const demoTypes = [
  {
    code: 'FACVEN',
    name: 'Facturas por vencer',
    path: '/whatsapp/facturas',
    query: `SELECT fac_Numero AS numero, fac_Cliente AS cliente, fac_Vencimiento AS vencimiento, fac_Saldo AS saldo
FROM VtaFacturas WHERE fac_Vencimiento BETWEEN @fecha AND DATEADD(DAY, @dias, @fecha) ORDER BY fac_Vencimiento`,
    parameters: '{"dias": 7}',
    subject: 'Facturas por vencer',
    body: `Hola {{ destinatario.nombre }}: esta semana vencen {{ filas.size }} facturas.
{% for fila in filas %}- {{ fila.cliente }}: {{ fila.saldo | moneda }} el {{ fila.vencimiento | fecha }}
{% endfor %}`,
  },
  {
    code: 'STOCK',
    name: 'Stock bajo el mínimo',
    path: '/email/stock',
    query:
      'SELECT art_Cod AS codigo, art_Descripcion AS articulo, art_Stock AS stock, art_StockMinimo AS minimo FROM StkArticulos WHERE art_Stock < art_StockMinimo ORDER BY art_Cod',
    parameters: null,
    subject: '{{ filas.size }} artículos para reponer en {{ empresa.nombre }}',
    body: `<p>Hola {{ destinatario.nombre }}:</p>
<table><tr><th>Artículo</th><th>Stock</th><th>Mínimo</th></tr>
{% for fila in filas %}<tr><td>{{ fila.articulo }}</td><td>{{ fila.stock }}</td><td>{{ fila.minimo }}</td></tr>
{% endfor %}</table>`,
  },
  {
    code: 'CHEQUE',
    name: 'Cheques que vencen',
    path: '/whatsapp/cheques',
    query:
      'SELECT TOP (1) che_Numero AS numero, che_Banco AS banco, che_Librador AS librador, CONVERT(VARCHAR(10), che_Vencimiento, 103) AS vencimiento FROM TesCheques WHERE che_Vencimiento >= @fecha ORDER BY che_Vencimiento',
    parameters: null,
    subject: 'Cheque por vencer',
    body: 'El cheque {numero} del {banco}, librado por {librador}, vence el {vencimiento}.',
  },
  {
    code: 'SEGURO',
    name: 'Renovación del seguro',
    path: '/flaky/sms',
    query: null,
    parameters: null,
    subject: 'Seguro',
    body: '{{ destinatario.nombre }}: el seguro de {{ empresa.nombre }} se renueva hoy.',
  },
  {
    code: 'FACMOR',
    name: 'Facturas vencidas',
    path: '/meta/morosos',
    query:
      'SELECT fac_Cliente AS cliente, fac_Saldo AS saldo, DATEDIFF(DAY, fac_Vencimiento, @fecha) AS dias FROM VtaFacturas WHERE fac_Vencimiento < @fecha ORDER BY fac_Saldo DESC',
    parameters: null,
    subject: 'Facturas vencidas',
    body: '{{ destinatario.nombre }}: {{ cliente }} debe {{ saldo | moneda }} desde hace {{ dias }} días.',
  },
  {
    code: 'BAJA',
    name: 'Aviso a un servicio dado de baja',
    path: '/gone/email',
    query: null,
    parameters: null,
    subject: 'Aviso',
    body: 'Este mensaje va a un servicio que ya no existe.',
  },
  {
    code: 'TURNO',
    name: 'Turnos de mañana',
    path: '/whatsapp/turnos',
    query: null,
    parameters: null,
    subject: 'Turnos',
    body: 'Mañana hay turnos.',
  },
] as const;
