-- awards (totalCount)
SELECT count(*) FROM award;

-- initiatives (totalCount)
SELECT count(*) FROM initiative;

-- metrics (totalCount)
SELECT count(*) FROM metric;

-- gold (totalCount)
SELECT count(*) FROM award WHERE level = 'GOLD';

-- winners (totalCount)
SELECT count(DISTINCT collectivity_id) FROM laureate;

-- communes (totalCount)
SELECT count(DISTINCT l.collectivity_id)
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE c.kind = 'COMMUNE';

-- shared (totalCount)
SELECT count(*) FROM (SELECT award_id FROM laureate GROUP BY award_id HAVING count(*) >= 2) AS s;
