/** A demo company's ERP (Bejerman) database: the people Vigía looks up and the tables that its queries read. */
export interface DemoTenant {
  code: string;
  name: string;
  database: string;
  people: readonly DemoPerson[];
  profiles: Readonly<Record<string, { name: string; members: readonly string[] }>>;
}

export interface DemoPerson {
  code: string;
  name: string;
  phone: string | null;
  mail: string | null;
}

export const ferreteria: DemoTenant = {
  code: 'FERRE',
  name: 'Ferretería del Puerto S.A.',
  database: 'DemoFerreteria',
  people: [
    { code: 'P001', name: 'Juan Pérez', phone: '11 5555-1234', mail: 'juan.perez@ferreteria.example' },
    { code: 'P002', name: 'Ana Gómez', phone: '+54 9 341 555-4321', mail: 'ana.gomez@ferreteria.example' },
    { code: 'P003', name: 'Luis Romero', phone: null, mail: 'luis.romero@ferreteria.example' },
  ],
  profiles: {
    COBR: { name: 'Cobranzas', members: ['P001', 'P002', 'P003'] },
    COMPR: { name: 'Compras', members: ['P002', 'P003'] },
  },
};

export const andina: DemoTenant = {
  code: 'ANDINA',
  name: 'Distribuidora Andina S.R.L.',
  database: 'DemoAndina',
  people: [
    { code: 'P010', name: 'María Fernández', phone: '261 555-0101', mail: 'maria@andina.example' },
    { code: 'P011', name: 'Carlos Núñez', phone: '261 555-0102', mail: 'carlos@andina.example' },
  ],
  profiles: { TESOR: { name: 'Tesorería', members: ['P010', 'P011'] } },
};

/** Its server is down: nothing listens where its connection points. */
export const austral = { code: 'AUSTR', name: 'Laboratorio Austral S.A.' };
