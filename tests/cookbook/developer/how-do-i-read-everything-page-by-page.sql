-- awards (totalCount, pageInfo.hasNextPage, pageInfo.hasPreviousPage)
SELECT count(*), count(*) > 2, 1 = 0 FROM award;

-- awards.nodes (year, level, laureates.kind, laureates.code, laureates.name)
SELECT a.year, a.level, c.kind, c.code, c.name
FROM (SELECT * FROM award ORDER BY year, level_rank DESC, key DESC LIMIT 2) AS a
JOIN laureate AS l ON l.award_id = a.id
JOIN collectivity AS c ON c.id = l.collectivity_id
ORDER BY a.year, a.level_rank DESC, a.key DESC, l.position;
