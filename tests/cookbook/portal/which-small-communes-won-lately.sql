-- awards (totalCount)
SELECT count(DISTINCT l.award_id)
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE c.kind = 'COMMUNE' AND c.population < 2000;

-- awards.nodes (year, level, laureates.name, laureates.population)
SELECT a.year, a.level, c.name, c.population
FROM award AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE c.kind = 'COMMUNE' AND c.population < 2000
ORDER BY a.year DESC, a.level_rank DESC, a.key DESC
LIMIT 3;
