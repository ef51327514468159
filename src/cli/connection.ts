import { CommandEnd, exitCodes } from './command-end.ts';
import type { Surroundings } from './surroundings.ts';

const usualUrl = 'http://127.0.0.1:7071';

/** The options that every command takes. */
export interface GlobalOptions {
  url?: string;
  key?: string;
  operator?: string;
  json?: boolean;
}

export interface Connection {
  /** Without a slash at its end. */
  base: string;
  readKey: string | undefined;
  actKey: string | undefined;
  operator: string;
}

/** Where to ask and with which keys: options before the environment, the key of a kind before VIGIA_KEY. */
export function connectionOf(
  { url, key, operator }: GlobalOptions,
  { environment, user }: Pick<Surroundings, 'environment' | 'user'>,
): Connection {
  const setting = (name: string) => environment[name]?.trim() || undefined;
  const any = setting('VIGIA_KEY');
  return {
    base: baseOf(url ?? setting('VIGIA_URL') ?? usualUrl),
    readKey: key ?? setting('VIGIA_READ_KEY') ?? any,
    actKey: key ?? setting('VIGIA_ACT_KEY') ?? any,
    operator: operator ?? setting('VIGIA_OPERATOR') ?? user,
  };
}

function baseOf(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.username !== '')
    throw new CommandEnd(
      exitCodes.usage,
      `La dirección «${text}» no sirve: escriba algo como ${usualUrl} o https://mi-app.azurewebsites.net.`,
    );
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api(\/manage)?$/, '');
}
