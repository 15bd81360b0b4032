-- collectivities.nodes (name, gold.totalCount)
SELECT c.name, count(DISTINCT a.id) AS gold
FROM collectivity AS c
LEFT JOIN laureate AS l ON l.collectivity_id = c.id
LEFT JOIN award AS a ON a.id = l.award_id AND a.level = 'GOLD'
WHERE c.kind = 'COMMUNE'
GROUP BY c.id, c.code, c.name, c.population
ORDER BY gold DESC, c.population DESC NULLS LAST, c.code
LIMIT 25;
