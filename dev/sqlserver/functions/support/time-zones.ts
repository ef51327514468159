/** The zone names of Windows, ST for Standard Time, and the IANA zone of each (CLDR's windowsZones, territory 001). */
const zones = `
Dateline ST=Etc/GMT+12;UTC-11=Etc/GMT+11;Aleutian ST=America/Adak;Hawaiian ST=Pacific/Honolulu;Marquesas ST=Pacific/Marquesas
Alaskan ST=America/Anchorage;UTC-09=Etc/GMT+9;UTC-08=Etc/GMT+8;Pacific Standard Time (Mexico)=America/Tijuana;Pacific ST=America/Los_Angeles
US Mountain ST=America/Phoenix;Mountain Standard Time (Mexico)=America/Mazatlan;Mountain ST=America/Denver;Yukon ST=America/Whitehorse
Central America ST=America/Guatemala;Central ST=America/Chicago;Easter Island ST=Pacific/Easter;Central Standard Time (Mexico)=America/Mexico_City
Canada Central ST=America/Regina;SA Pacific ST=America/Bogota;Eastern Standard Time (Mexico)=America/Cancun;Eastern ST=America/New_York
Haiti ST=America/Port-au-Prince;Cuba ST=America/Havana;US Eastern ST=America/Indiana/Indianapolis;Turks And Caicos ST=America/Grand_Turk
Paraguay ST=America/Asuncion;Atlantic ST=America/Halifax;Venezuela ST=America/Caracas;Central Brazilian ST=America/Cuiaba;SA Western ST=America/La_Paz
Pacific SA ST=America/Santiago;Newfoundland ST=America/St_Johns;Tocantins ST=America/Araguaina;E. South America ST=America/Sao_Paulo
SA Eastern ST=America/Cayenne;Argentina ST=America/Argentina/Buenos_Aires;Greenland ST=America/Nuuk;Montevideo ST=America/Montevideo
Magallanes ST=America/Punta_Arenas;Saint Pierre ST=America/Miquelon;Bahia ST=America/Bahia;UTC-02=Etc/GMT+2;Azores ST=Atlantic/Azores
Cape Verde ST=Atlantic/Cape_Verde;UTC=Etc/UTC;GMT ST=Europe/London;Greenwich ST=Atlantic/Reykjavik;Sao Tome ST=Africa/Sao_Tome
Morocco ST=Africa/Casablanca;W. Europe ST=Europe/Berlin;Central Europe ST=Europe/Budapest;Romance ST=Europe/Paris;Central European ST=Europe/Warsaw
W. Central Africa ST=Africa/Lagos;Jordan ST=Asia/Amman;GTB ST=Europe/Bucharest;Middle East ST=Asia/Beirut;Egypt ST=Africa/Cairo
E. Europe ST=Europe/Chisinau;Syria ST=Asia/Damascus;West Bank ST=Asia/Hebron;South Africa ST=Africa/Johannesburg;FLE ST=Europe/Kiev
Israel ST=Asia/Jerusalem;South Sudan ST=Africa/Juba;Kaliningrad ST=Europe/Kaliningrad;Sudan ST=Africa/Khartoum;Libya ST=Africa/Tripoli
Namibia ST=Africa/Windhoek;Arabic ST=Asia/Baghdad;Turkey ST=Europe/Istanbul;Arab ST=Asia/Riyadh;Belarus ST=Europe/Minsk;Russian ST=Europe/Moscow
E. Africa ST=Africa/Nairobi;Volgograd ST=Europe/Volgograd;Iran ST=Asia/Tehran;Arabian ST=Asia/Dubai;Astrakhan ST=Europe/Astrakhan
Azerbaijan ST=Asia/Baku;Russia Time Zone 3=Europe/Samara;Mauritius ST=Indian/Mauritius;Saratov ST=Europe/Saratov;Georgian ST=Asia/Tbilisi
Caucasus ST=Asia/Yerevan;Afghanistan ST=Asia/Kabul;West Asia ST=Asia/Tashkent;Ekaterinburg ST=Asia/Yekaterinburg;Pakistan ST=Asia/Karachi
Qyzylorda ST=Asia/Qyzylorda;India ST=Asia/Kolkata;Sri Lanka ST=Asia/Colombo;Nepal ST=Asia/Kathmandu;Central Asia ST=Asia/Bishkek
Bangladesh ST=Asia/Dhaka;Omsk ST=Asia/Omsk;Myanmar ST=Asia/Yangon;SE Asia ST=Asia/Bangkok;Altai ST=Asia/Barnaul;W. Mongolia ST=Asia/Hovd
North Asia ST=Asia/Krasnoyarsk;N. Central Asia ST=Asia/Novosibirsk;Tomsk ST=Asia/Tomsk;China ST=Asia/Shanghai;North Asia East ST=Asia/Irkutsk
Singapore ST=Asia/Singapore;W. Australia ST=Australia/Perth;Taipei ST=Asia/Taipei;Ulaanbaatar ST=Asia/Ulaanbaatar;Aus Central W. ST=Australia/Eucla
Transbaikal ST=Asia/Chita;Tokyo ST=Asia/Tokyo;North Korea ST=Asia/Pyongyang;Korea ST=Asia/Seoul;Yakutsk ST=Asia/Yakutsk
Cen. Australia ST=Australia/Adelaide;AUS Central ST=Australia/Darwin;E. Australia ST=Australia/Brisbane;AUS Eastern ST=Australia/Sydney
West Pacific ST=Pacific/Port_Moresby;Tasmania ST=Australia/Hobart;Vladivostok ST=Asia/Vladivostok;Lord Howe ST=Australia/Lord_Howe
Bougainville ST=Pacific/Bougainville;Russia Time Zone 10=Asia/Srednekolymsk;Magadan ST=Asia/Magadan;Norfolk ST=Pacific/Norfolk
Sakhalin ST=Asia/Sakhalin;Central Pacific ST=Pacific/Guadalcanal;Russia Time Zone 11=Asia/Kamchatka;New Zealand ST=Pacific/Auckland;UTC+12=Etc/GMT-12
Fiji ST=Pacific/Fiji;Chatham Islands ST=Pacific/Chatham;UTC+13=Etc/GMT-13;Tonga ST=Pacific/Tongatapu;Samoa ST=Pacific/Apia
Line Islands ST=Pacific/Kiritimati`;

const rows = zones
  .trim()
  .split(/[;\n]/)
  .map((zone) => `('${zone.replace(' ST=', ' Standard Time=').replace('=', "', '")}')`);

/** Offsets are given by name (`+hh:mm` or minutes) or by zone: the table and what AT TIME ZONE and the offset functions call. */
export const timeZones = `
CREATE TABLE tsql.time_zones (name bpchar COLLATE tsql.ci_as PRIMARY KEY, iana text NOT NULL);
INSERT INTO tsql.time_zones (name, iana) VALUES ${rows.join(', ')};

CREATE FUNCTION tsql.checked_zone(minutes int) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$ BEGIN
  IF abs(minutes) > 840 THEN PERFORM tsql.raise(9812, 16, 1, 'The timezone provided to builtin function todatetimeoffset is invalid.'); END IF;
  RETURN minutes;
END $$;
CREATE FUNCTION tsql.zone_of_text(written text) RETURNS int LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE part text[] := regexp_match(written, '^([+-])([0-9]{2}):([0-5][0-9])$');
BEGIN
  RETURN tsql.checked_zone(coalesce((part[1] || '1')::int * (part[2]::int * 60 + part[3]::int), 9999));
END $$;

CREATE FUNCTION tsql.zone_named(windows text) RETURNS text LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE found text := (SELECT iana FROM tsql.time_zones WHERE name = windows COLLATE tsql.ci_as);
BEGIN
  IF found IS NULL THEN
    PERFORM tsql.raise(9820, 16, 1, format('The time zone parameter ''%s'' provided to AT TIME ZONE clause is invalid.', windows));
  END IF;
  RETURN found;
END $$;
-- The offset in minutes that a zone has at an instant.
CREATE FUNCTION tsql.zone_offset(instant bigint, iana text) RETURNS int STABLE STRICT
RETURN (extract(epoch FROM (tsql.timestamp_of(instant) AT TIME ZONE 'UTC') AT TIME ZONE iana - tsql.timestamp_of(instant)) / 60)::int;
CREATE FUNCTION tsql.in_zone(stored interval, windows text) RETURNS interval STABLE STRICT
RETURN tsql.offset_moment(tsql.instant_ticks(stored), tsql.zone_offset(tsql.instant_ticks(stored), tsql.zone_named(windows)));
-- A local time: in a gap it moves forward, in a fold the offset before the change counts ("AT TIME ZONE (Transact-SQL)").
CREATE FUNCTION tsql.at_zone(local_ticks bigint, windows text) RETURNS interval LANGUAGE plpgsql STABLE STRICT AS $$
DECLARE
  iana text := tsql.zone_named(windows);
  earlier int := tsql.zone_offset(greatest(local_ticks - 864000000000, 0), iana);
  later int := tsql.zone_offset(least(local_ticks + 864000000000, 3155378975999999999), iana);
  by_earlier bigint := local_ticks - earlier * 600000000::bigint;
  by_later bigint := local_ticks - later * 600000000::bigint;
BEGIN
  IF tsql.zone_offset(by_earlier, iana) = earlier THEN RETURN tsql.offset_moment(by_earlier, earlier); END IF;
  IF tsql.zone_offset(by_later, iana) = later THEN RETURN tsql.offset_moment(by_later, later); END IF;
  RETURN tsql.offset_moment(by_earlier, later);
END $$;
`;
