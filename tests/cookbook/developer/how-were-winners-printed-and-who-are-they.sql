-- awards (totalCount)
SELECT count(DISTINCT a.id)
FROM award AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
JOIN collectivity AS d ON d.id = c.departement_id
WHERE a.year = 2016 AND a.level = 'BRONZE' AND d.kind = 'DEPARTEMENT' AND d.code = '75';

-- awards.nodes.printedLaureates (nameAsPrinted, service, collectivity.kind, collectivity.code, collectivity.name)
SELECT l.name_as_printed, l.service, c.kind, c.code, c.name
FROM award AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
JOIN collectivity AS d ON d.id = c.departement_id
WHERE a.year = 2016 AND a.level = 'BRONZE' AND d.kind = 'DEPARTEMENT' AND d.code = '75'
ORDER BY a.key DESC, l.position;
