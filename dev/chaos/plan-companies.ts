import type { DemoPerson, DemoTenant } from '../demo/tenants.ts';
import { randomFrom } from './random.ts';

/** What becomes of a person's delivery: from the seed alone, before anything is sent. */
export type Fate = 'accepts' | 'refuses' | 'has no address' | 'kills';

export interface Company extends DemoTenant {
  /** An IANA name. */
  zone: string;
  fates: Readonly<Record<string, Fate>>;
}

const zones = ['America/Argentina/Buenos_Aires', 'Europe/Madrid', 'Asia/Kolkata', 'UTC'] as const;
const profilesPerCompany = 6;

/** Companies with ERP databases of their own, whose profiles are of every size up to all of their people. */
export function planCompanies(seed: number, companies: number, people: number): Company[] {
  return Array.from({ length: companies }, (_, index) => planCompany(seed, index, people));
}

function planCompany(seed: number, index: number, size: number): Company {
  const code = `C${index}`;
  const random = randomFrom(seed, 'company', code);
  const people: DemoPerson[] = [];
  const fates: Record<string, Fate> = {};
  for (let number = 0; number < size; number++) {
    const person = `P${String(number).padStart(3, '0')}`;
    const fate: Fate = random.chance(0.04) ? 'refuses' : random.chance(0.04) ? 'has no address' : 'accepts';
    const mail = fate === 'has no address' ? null : `${person.toLowerCase()}@${code.toLowerCase()}.example`;
    people.push({ code: person, name: `Persona ${number}`, phone: null, mail });
    fates[person] = fate;
  }
  const codes = people.map((person) => person.code);
  const profiles = Object.fromEntries(
    Array.from({ length: profilesPerCompany }, (_, number) => {
      const members = codes.slice(0, random.between(1, size));
      return [`R${number}`, { name: `Perfil ${number}`, members }];
    }),
  );
  const zone = zones[index % zones.length] ?? 'UTC';
  return { code, name: `Empresa ${index}`, database: `Chaos${index}`, people, profiles, zone, fates };
}
