-- editions.aggregate (count, announcedAwards.known, announcedAwards.sum, announcedAwards.min, announcedAwards.max)
SELECT
    count(*), count(e.announced_awards), sum(e.announced_awards), min(e.announced_awards),
    max(e.announced_awards)
FROM edition AS e
JOIN prize AS p ON p.id = e.prize_id
WHERE p.slug = 'prix-territoria';

-- editions.aggregate (announcedAwards.median)
WITH ordered AS (
    SELECT
        e.announced_awards * 1.0 AS value,
        row_number() OVER (ORDER BY e.announced_awards) AS place,
        count(*) OVER () AS n
    FROM edition AS e
    JOIN prize AS p ON p.id = e.prize_id
    WHERE p.slug = 'prix-territoria' AND e.announced_awards IS NOT NULL
)
SELECT avg(value) FROM ordered WHERE place IN ((n + 1) / 2, (n + 2) / 2);

-- awards.aggregate (count)
SELECT count(*)
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
WHERE p.slug = 'prix-territoria';
