-- suggest (label, kind, code)
SELECT c.name || coalesce(' (' || d.name || ')', ''), c.kind, c.code
FROM collectivity AS c
LEFT JOIN collectivity AS d ON d.id = c.departement_id AND c.kind = 'COMMUNE'
WHERE c.name_folded LIKE 'saint eti%' AND c.kind IN ('COMMUNE', 'EPCI')
ORDER BY c.population DESC NULLS LAST
LIMIT 8;
