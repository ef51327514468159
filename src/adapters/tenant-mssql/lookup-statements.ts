/*
 * The two statements that know the ERP's tables. They run on SQL Server 2012 and later, and both give
 * persona, nombre, contacto, celular, mail: a row per contact, and one without contact for who has none.
 */

const columns = `p.Tper_Cod AS persona, p.Tper_Nombre AS nombre, c.Tcon_Cod AS contacto, c.Tcon_Celular AS celular,
  c.Tcon_Email AS mail`;

/** @persona */
export const selectPerson = `SELECT ${columns}
FROM TgeCTPersonas p
LEFT JOIN TgeCTContactos c ON c.Tconper_Cod = p.Tper_Cod
WHERE p.Tper_Cod = @persona
ORDER BY p.Tper_Cod, c.Tcon_Cod`;

/** @perfil */
export const selectProfile = `SELECT ${columns}
FROM TgeCTPerfiles f
JOIN TgeCTRel_Persona_Perfil r ON r.Trelprf_Cod = f.Tprf_Cod
JOIN TgeCTPersonas p ON p.Tper_Cod = r.Trelper_Cod
LEFT JOIN TgeCTContactos c ON c.Tconper_Cod = p.Tper_Cod
WHERE f.Tprf_Cod = @perfil
ORDER BY p.Tper_Cod, c.Tcon_Cod`;
