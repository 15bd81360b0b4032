-- fourqueux (kind, subKind, name, isCurrent)
SELECT kind, sub_kind, name, is_current
FROM collectivity WHERE kind = 'OTHER' AND code = '78251';

-- fourqueux.successor (kind, code, name, population)
SELECT s.kind, s.code, s.name, s.population
FROM collectivity AS c
JOIN collectivity AS s ON s.id = c.successor_id
WHERE c.kind = 'OTHER' AND c.code = '78251';
